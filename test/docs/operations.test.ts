import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { repository } from './markdown.ts';

const read = (path: string) => readFileSync(join(repository, path), 'utf8');
const matches = (text: string, pattern: RegExp) => [...text.matchAll(pattern)].map(([, name = '']) => name);

const readme = read('README.md');
const operations = read('docs/operations.md');
const configuration = read('src/process/config.ts');

test('README and operations.md have a row for every setting that the process reads', () => {
  const names = matches(configuration, /'([A-Z][A-Z_]+)'/g);
  expect(names).toContain('UPSTREAM_URL');
  for (const name of names) expect(operations).toContain(`\`${name}\``);
  for (const name of names.filter((one) => !one.startsWith('OTEL_'))) expect(readme).toContain(`\`${name}\``);
});

test('README and operations.md have the defaults of the process', () => {
  const defaults = /\.(?:integer|boolean|oneOf)\('([A-Z_]+)', (?:[A-Z_]+, )?'?(\w+)'?/g;
  const rows = [...configuration.matchAll(defaults)].filter(([, name]) => name !== 'ADMIN_PORT');
  expect(rows.length).toBeGreaterThan(10);
  for (const [, name, value = ''] of rows) {
    // What depends on NODE_ENV.
    if (value === 'production') continue;
    const row = new RegExp(`^\\| \`${name}\` +\\| \`?${value.replaceAll('_', '')}\`? +\\|`, 'm');
    expect(readme).toMatch(row);
    expect(operations).toMatch(row);
  }
});

test('operations.md explains every code', () => {
  const sources = read('src/upstream/errors.ts') + read('src/graphql/pipeline/reply.ts');
  // Whoever is told of CANCELLED is gone.
  const codes = matches(sources, /^ {2}\| '([A-Z_]+)'/gm).filter((code) => code !== 'CANCELLED');
  expect(codes).toContain('OVERLOADED');
  for (const code of codes) expect(operations).toContain(`\`${code}\``);
});

test('operations.md says what to do about every line of the log', () => {
  const sources = globSync(join(repository, 'src/**/*.ts')).map((file) => readFileSync(file, 'utf8'));
  const lines = matches(
    sources.join('\n'),
    /logger\.(?:info|warn|error|fatal)\((?:\{[^}]*\}, )?'([^']+)'\)/g,
  );
  expect(lines).toContain('listening');
  for (const line of lines) expect(operations).toContain(`\`${line}\``);
});

test.for(['docs/operations.md', 'docs/observability.md'])('%s has every metric of the service', (path) => {
  const names = matches(read('src/telemetry/metrics.ts'), /'((?:graphql|upstream|log)_\w+)'/g);
  expect(names).toHaveLength(12);
  for (const name of names) expect(read(path)).toContain(`\`${name}\``);
});
