import { spawnSync } from 'node:child_process';
import { cpSync, globSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { stringify } from 'yaml';
import { readYaml, repository } from './manifests.ts';

interface Rules {
  readonly groups: readonly {
    readonly rules: readonly { readonly alert: string; readonly expr: string }[];
  }[];
}

const { spec } = readYaml<{ spec: Rules }>('deploy/kubernetes/prometheus-rule.yaml');
const rules = spec.groups.flatMap((group) => group.rules);

const hasPromtool = spawnSync('promtool', ['--version']).status === 0;
if (!hasPromtool) {
  console.log("Skipped, since promtool is not installed (Debian's package prometheus): the alert rules");
}

test.for(rules)('$alert is explained to those whom it wakes', ({ alert }) => {
  expect(readFileSync(join(repository, 'docs/operations.md'), 'utf8')).toContain(`\n### ${alert}\n`);
});

test.for(rules)('$alert asks for metrics that there are', ({ expr }) => {
  const sources = globSync(join(repository, 'src/telemetry/**/*.ts')).map((file) =>
    readFileSync(file, 'utf8'),
  );
  const names = expr.match(/\b(?:graphql|upstream|nodejs|process)_\w+/g) ?? [];
  for (const name of names)
    expect(sources.join()).toContain(`'${name.replace(/_(?:bucket|count|sum)$/, '')}'`);
});

describe.skipIf(!hasPromtool)('promtool', () => {
  test('understands the rules', () => {
    expect(promtool(['check', 'rules', 'rules.yaml'])).toContain(`SUCCESS: ${rules.length} rules found`);
  });

  test('sees alerts fire where they should, and nowhere else', () => {
    expect(promtool(['test', 'rules', 'scenarios.yaml'])).toContain('SUCCESS');
  });

  test('understands what Prometheus of compose.yaml is told', () => {
    expect(promtool(['check', 'config', 'prometheus.yaml'])).toContain('SUCCESS');
  });
});

/** Runs promtool where the files of this repository lie together, and gives all that it says. */
function promtool(args: readonly string[]): string {
  const folder = mkdtempSync(join(tmpdir(), 'rules-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  writeFileSync(join(folder, 'rules.yaml'), stringify(spec));
  cpSync(join(import.meta.dirname, 'alert-scenarios.yaml'), join(folder, 'scenarios.yaml'));
  cpSync(join(repository, 'deploy/compose/prometheus.yaml'), join(folder, 'prometheus.yaml'));
  const { stdout, stderr } = spawnSync('promtool', args, { cwd: folder, encoding: 'utf8' });
  return stdout + stderr;
}
