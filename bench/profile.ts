import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Candidate } from './candidates.ts';
import { measure } from './measure.ts';
import type { Options } from './options.ts';
import { type CpuProfile, summarizeProfile } from './profile-summary.ts';
import { alignedTable, markdownTable } from './report/table.ts';
import type { RestApi } from './rest-api-process.ts';
import { startServer } from './server-process.ts';
import type { Work } from './works.ts';

const folder = fileURLToPath(new URL('profiles/', import.meta.url));

/** Leaves a CPU profile of each candidate under each work in bench/profiles/, and a summary of it beside it. */
export async function runProfiles(options: Options, restApi: RestApi): Promise<void> {
  mkdirSync(folder, { recursive: true });
  for (const candidate of options.candidates) {
    for (const work of options.works) await profileOne(candidate, work, options, restApi);
  }
}

async function profileOne(
  candidate: Candidate,
  work: Work,
  options: Options,
  restApi: RestApi,
): Promise<void> {
  const name = `${candidate.name}-${work.name}`;
  const nodeFlags = [
    `--import=${new URL('exit-at-sigterm.ts', import.meta.url)}`,
    ...['--cpu-prof', `--cpu-prof-dir=${folder}`, `--cpu-prof-name=${name}.cpuprofile`],
  ];
  const server = await startServer(candidate, { upstreamUrl: restApi.url, nodeFlags });
  const { measurement, from, to } = await window(async () => {
    return measure(server, restApi, work, options);
  }, options.warmUpSeconds).finally(() => server.stop());

  const profile: CpuProfile = JSON.parse(readFileSync(`${folder}${name}.cpuprofile`, 'utf8'));
  const { groups, functions } = summarizeProfile(profile, from, to);
  const micros = measurement.cpuMicrosPerRequest;
  const cells = (share: number) => [`${(share * 100).toFixed(1)} %`, (share * micros).toFixed(1)];
  const groupRows = groups.map(([group, share]) => [group, ...cells(share)]);
  const functionRows = functions.slice(0, 40).map(([place, share]) => [place, ...cells(share)]);
  const header = ['where', 'share', 'µs a request'];
  const title = `${candidate.name} under ${work.name}: ${micros.toFixed(0)} µs of CPU per request (profiled)`;
  console.log(`\n${title}\n\n${alignedTable(header, groupRows)}\n\n${alignedTable(header, functionRows)}`);
  const text = [`# ${title}`, markdownTable(header, groupRows), markdownTable(header, functionRows)].join(
    '\n\n',
  );
  writeFileSync(`${folder}${name}.md`, `${text}\n`);
  console.log(`\nwritten: bench/profiles/${name}.cpuprofile and ${name}.md`);
}

// V8's samples carry the monotonic clock, in microseconds, as hrtime does: warm-up and shutdown can be left out.
async function window<T>(run: () => Promise<T>, warmUpSeconds: number) {
  const started = monotonicMicros();
  const measurement = await run();
  return { measurement, from: started + warmUpSeconds * 1_000_000, to: monotonicMicros() };
}

function monotonicMicros(): number {
  return Number(process.hrtime.bigint() / 1000n);
}
