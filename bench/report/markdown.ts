import type { Candidate } from '../candidates.ts';
import type { Options } from '../options.ts';
import type { Section } from '../sections/section.ts';
import type { Row } from '../statistics.ts';
import { describeEnvironment } from './environment.ts';
import { markdownTable, tableHeader, tableRows } from './table.ts';

/** All that a run found out. */
export interface Report {
  readonly options: Options;
  readonly candidates: readonly Candidate[];
  readonly rows: readonly Row[];
  readonly failures: ReadonlyMap<string, string>;
  readonly sections: readonly Section[];
}

/** The text of RESULTS.md. */
export function toMarkdown(report: Report): string {
  const { options, candidates, rows, failures, sections } = report;
  const blocks = [
    '# Results of the benchmark',
    'Written by `npm run bench`; how it measures stands in [README.md](README.md).',
    bullets([...describeEnvironment(), howObtained(options)]),
    howToRead(options),
    '![CPU per request over the floor](results.svg)',
    ...options.works.flatMap((work) => [
      `## ${work.name}: ${work.title}`,
      markdownTable(tableHeader(work), tableRows(work, rows, candidates)),
    ]),
    bullets(candidates.map((candidate) => `**${candidate.name}**: ${candidate.title}`)),
    ...[...failures].map(([name, reason]) => `**${name} is missing**: ${reason}`),
    notMeasured,
    ...sections.flatMap((section) => [
      `## ${section.title}`,
      section.text,
      ...(section.plot ? [`![${section.title}](${section.plot.file})`] : []),
      markdownTable(section.header, section.rows),
    ]),
  ];
  return `${blocks.join('\n\n')}\n`;
}

const notMeasured =
  'Not measured here: Tailcall. The registry has its binary (`@tailcallhq/core-linux-x64-gnu` 1.6.14), but it needs a newer ' +
  'C library (glibc 2.39) than the machine of these results has.';

function howToRead({ warmUpSeconds }: Options): string {
  return (
    `Ratios are over the floor's in the same round. *First seconds*: CPU per request in the first ${warmUpSeconds} s of load on a ` +
    'process that was just started, over the same of the floor. *Warmed up*: after these.'
  );
}

function howObtained(options: Options): string {
  const { rounds, seconds, warmUpSeconds, connections } = options;
  return (
    `Obtained with ${connections} keep-alive connections; ${rounds} rounds, the candidates in turn in each, started anew for each work; ` +
    `${warmUpSeconds} s of warm-up and ${seconds} s timed for each work; medians over the rounds`
  );
}

function bullets(lines: readonly string[]): string {
  return lines.map((line) => `- ${line}`).join('\n');
}
