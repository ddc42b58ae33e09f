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
import { alignedTable, tableHeader, tableRows } from './report/table.ts';
import { type RestApi, startRestApi } from './rest-api-process.ts';
import { runRounds } from './rounds.ts';
import { measureEqualLoad } from './sections/equal-load.ts';
import { measureFairness } from './sections/fairness.ts';
import { measureListGrowth } from './sections/list-growth.ts';
import { measureSavedBytes } from './sections/saved-bytes.ts';
import type { Section } from './sections/section.ts';
import { measureSoak } from './sections/soak.ts';
import { measureStartTime } from './sections/start-time.ts';
import { measureWorkers } from './sections/workers.ts';
import { type Row, summarize } from './statistics.ts';
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
  if (!options.fairness) installPeers();
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
  const layer = options.candidates.find(({ name }) => name === 'layer');
  if (options.profile) return runProfiles(options, restApi);
  if (layer && options.soak > 0) return show(await measureSoak(layer, options, restApi));
  if (layer && options.workers) return show(await measureWorkers(layer, options, restApi));
  if (layer && options.fairness) return show(await measureFairness(layer, options));

  const { samples, failures } = await runRounds(options, restApi);
  const rows = summarize(samples);
  const working = options.candidates.filter(({ name }) => !failures.has(name));
  const measured = { ...options, candidates: working };
  for (const work of options.works) {
    console.log(
      `\n${work.name}: ${work.title}\n${alignedTable(tableHeader, tableRows(work.name, rows, working))}`,
    );
  }
  console.log();
  const sections = options.sections ? await runSections(measured, rows, restApi) : [];
  const report = { options, candidates: working, rows, failures, sections };
  const everyone =
    candidates.every((each) => working.includes(each)) && options.works.length === works.length;
  if (options.write && everyone) write(report);
  else console.log('\nRESULTS.md and results.svg are left as they are: only a whole run writes them');
  if (failures.size > 0) process.exitCode = 1;
}

async function runSections(options: Options, rows: readonly Row[], restApi: RestApi): Promise<Section[]> {
  const ours = options.candidates.filter(({ name }) => name === 'floor' || name === 'layer');
  const layer = ours.find(({ name }) => name === 'layer');
  const measurements = [
    () => measureStartTime(options.candidates, restApi),
    () => measureEqualLoad(options.candidates, rows, options, restApi),
    () => measureListGrowth(ours, options, restApi),
    ...(layer ? [() => measureSavedBytes(layer, restApi)] : []),
  ];
  const sections: Section[] = [];
  for (const take of measurements) {
    try {
      sections.push(await take());
    } catch (error) {
      // The table took minutes: a section that fails must not cost it.
      console.log(`a section is missing: ${error instanceof Error ? error.message : error}`);
      process.exitCode = 1;
    }
  }
  for (const section of sections) show(section);
  return sections;
}

function show({ title, text, header, rows }: Section): void {
  console.log(`\n${title}\n${text}\n${alignedTable(header, rows)}`);
}

function write(report: Report): void {
  writeFileSync(new URL('RESULTS.md', import.meta.url), toMarkdown(report));
  writeFileSync(new URL('results.svg', import.meta.url), toSvg(report));
  console.log('\nwritten: bench/RESULTS.md and bench/results.svg');
}
