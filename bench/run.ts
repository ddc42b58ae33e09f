/** The benchmark: `npm run bench`, or `node bench/run.ts --help`. */
import { writeFileSync } from 'node:fs';
import { loadavg } from 'node:os';
import { candidates, isPresent } from './candidates.ts';
import { coresCanBeSplit, pinLoad } from './cores.ts';
import { type Options, readOptions, UsageError, usage } from './options.ts';
import { installPeers } from './peers-install.ts';
import { runProfiles } from './profile.ts';
import { toSvg } from './report/chart.ts';
import { type Report, toMarkdown } from './report/markdown.ts';
import { plotToSvg } from './report/plot.ts';
import { alignedTable, tableHeader, tableRows } from './report/table.ts';
import { type RestApi, startRestApi } from './rest-api-process.ts';
import { runRounds } from './rounds.ts';
import { measureSections } from './sections/all.ts';
import { equalLoadSections } from './sections/equal-load.ts';
import type { Section } from './sections/section.ts';
import { summarize } from './statistics.ts';
import { works } from './works.ts';

try {
  const options = readOptions(process.argv.slice(2));
  if (options) await main(options);
  else console.log(usage);
} catch (error) {
  if (!(error instanceof UsageError)) throw error;
  console.error(`${error.message}\n\n${usage}`);
  process.exitCode = 2;
}

async function main(asked: Options): Promise<void> {
  if (process.platform !== 'linux')
    throw new UsageError('the benchmark reads CPU time from /proc: it needs Linux');
  const options = { ...asked, candidates: asked.candidates.filter(isPresent) };
  for (const { name } of asked.candidates.filter((each) => !isPresent(each))) {
    console.log(`${name}: its script is not there, left out`);
  }
  if (options.table) installPeers();
  if (!coresCanBeSplit) console.log('no second core, or no taskset: server and load share what there is');
  const [busy = 0] = loadavg();
  // Others on the same cores take caches and clock: seen to double the CPU time of a request.
  if (busy > 1)
    console.log(`the machine is busy (load average ${busy.toFixed(1)}), the numbers will be noisy`);
  pinLoad();
  const restApi = await startRestApi();
  try {
    await run(options, restApi);
  } finally {
    restApi.stop();
  }
}

async function run(options: Options, restApi: RestApi): Promise<void> {
  if (options.profile) return runProfiles(options, restApi);
  if (!options.table) return show(await measureSections(options.sections, options, restApi));

  const { samples, failures } = await runRounds(options, restApi);
  const rows = summarize(samples);
  const working = options.candidates.filter(({ name }) => !failures.has(name));
  for (const work of options.works) {
    console.log(
      `\n${work.name}: ${work.title}\n${alignedTable(tableHeader(work), tableRows(work, rows, working))}`,
    );
  }
  const sections = [
    ...equalLoadSections(options.works, working, rows),
    ...(await measureSections(options.sections, { ...options, candidates: working }, restApi)),
  ];
  show(sections);
  const everyone =
    candidates.every((each) => working.includes(each)) && options.works.length === works.length;
  if (options.write && everyone) write({ options, candidates: working, rows, failures, sections });
  else console.log('\nRESULTS.md and the plots are left as they are: only a whole run writes them');
  if (failures.size > 0) process.exitCode = 1;
}

function show(sections: readonly Section[]): void {
  for (const { title, text, header, rows } of sections) {
    console.log(`\n${title}\n${text}\n${alignedTable(header, rows)}`);
  }
}

function write(report: Report): void {
  const save = (file: string, text: string) => writeFileSync(new URL(file, import.meta.url), text);
  save('RESULTS.md', toMarkdown(report));
  save('results.svg', toSvg(report));
  for (const { title, plot } of report.sections) if (plot) save(plot.file, plotToSvg(title, plot));
  console.log('\nwritten: bench/RESULTS.md, and its plots beside it');
}
