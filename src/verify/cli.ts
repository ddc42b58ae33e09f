import { setTimeout } from 'node:timers/promises';
import { communityUser } from '#graphql/entities/community-user.ts';
import { ABSENT, type Answer, readAnswer } from './answer.ts';
import { checkAnswers, measureLatency } from './answer-checks.ts';
import { type Environment, HELP, readArguments, type Settings } from './arguments.ts';
import { checkFields } from './field-checks.ts';
import { type Evidence, planProbes } from './probes.ts';
import { RawClient } from './raw-client.ts';
import { allHolds, type Check, type Report, toJson, toTable } from './report.ts';

/** Where the command writes to: `process`, or a test. */
export interface Output {
  readonly stdout: { write(text: string): unknown };
  readonly stderr: { write(text: string): unknown; readonly isTTY?: boolean };
}

/**
 * Runs the command and gives its exit code: 0 all holds, 1 something deviates, 2 it could not check. `pauseMs` is the
 * time between two GETs.
 */
export async function verify(
  argv: readonly string[],
  env: Environment,
  { stdout, stderr }: Output,
  { pauseMs = 100 } = {},
): Promise<0 | 1 | 2> {
  const settings = readArguments(argv, env);
  if (settings === 'help') {
    stdout.write(HELP);
    return 0;
  }
  if (!('url' in settings)) {
    const lines = settings.map((problem) => `  - ${problem}\n`);
    stderr.write(`This cannot be checked:\n${lines.join('')}See --help.\n`);
    return 2;
  }
  // Who wants JSON from a terminal still wants to see that something is going on.
  const showsProgress = !settings.json || stderr.isTTY === true;
  const progress = (line: string) => void (showsProgress && stderr.write(`${line}\n`));
  const asked = await ask(settings, env, pauseMs, progress);
  if (typeof asked === 'string') {
    stderr.write(`${asked}\n`);
    return 2;
  }
  const report = toReport(asked);
  stdout.write(settings.json ? toJson(report) : toTable(report));
  return allHolds(report) ? 0 : 1;
}

/** Makes all the GETs; gives a sentence where there is nothing to check. */
async function ask(
  settings: Settings,
  env: Environment,
  pauseMs: number,
  progress: (line: string) => void,
): Promise<Evidence | string> {
  const { url } = settings;
  const { resource } = communityUser;
  if (resource === undefined) throw new TypeError('CommunityUser has no REST resource to check.');
  const probes = planProbes(resource, settings);
  progress(`This makes ${probes.length} GETs to ${url}, one after the other, and changes nothing.`);
  using client = new RawClient(settings, env);
  const answers = new Map<string, Answer>();
  for (const probe of probes) {
    if (answers.size > 0) await setTimeout(pauseMs);
    progress(`${String(answers.size + 1).padStart(2)}/${probes.length} ${probe.name}`);
    answers.set(probe.name, readAnswer(await client.get(probe.url, probe.token), probe.query));
    const reason = answers.size <= PRELIMINARY_GETS ? obstacle(answers, url) : undefined;
    if (reason !== undefined) return reason;
  }
  return { resource, settings, answers };
}

/** One flag, all flags, and all flags as a member. */
const PRELIMINARY_GETS = 3;

/** Why there is nothing to check, judged by the first answers; undefined where there is, or more are needed to tell. */
function obstacle(answers: Evidence['answers'], url: URL): string | undefined {
  const [first, second] = answers.values();
  if (first?.raw.kind === 'failure' && first.raw.code !== 'UPSTREAM_BAD_RESPONSE') {
    const words = WORDS.get(first.seen);
    return `The REST API at ${url} cannot be reached: ${words ? `${words} (${first.seen})` : first.seen}.`;
  }
  if (first?.layer === ABSENT) {
    return 'The REST API knows no such user in this community (404). Name one that exists.';
  }
  if (first && second && isRefused(first) && isRefused(second)) {
    return `The REST API refuses VERIFY_TOKEN for this community (${first.seen}).`;
  }
  const asMember = answers.get('all flags, as a member');
  if (asMember?.layer === 'UNAUTHENTICATED') {
    return `The REST API refuses VERIFY_MEMBER_TOKEN for this community (${asMember.seen}).`;
  }
  return undefined;
}

const isRefused = ({ layer }: Answer) => ['UNAUTHENTICATED', 'FORBIDDEN'].includes(layer);

const WORDS: ReadonlyMap<string, string> = new Map([
  ['ECONNREFUSED', 'nothing listens there'],
  ['ENOTFOUND', 'its host name is not known'],
  ['EAI_AGAIN', 'its host name cannot be looked up'],
]);

function toReport(evidence: Evidence): Report {
  const { settings, answers } = evidence;
  const { token, memberToken = token } = settings;
  // A check may hold words of the REST API, such as a field's name, and these may be anything.
  const redact = (text: string) => text.replaceAll(token, '(token)').replaceAll(memberToken, '(token)');
  const checks = [...checkFields(evidence), ...checkAnswers(evidence)].map(
    (check): Check => ({
      ...check,
      seen: redact(check.seen),
      consequence: check.consequence && redact(check.consequence),
    }),
  );
  return { settings, gets: answers.size, checks, latency: measureLatency(evidence) };
}

if (import.meta.main) {
  // Who has read enough, such as `head`, closes the pipe.
  process.stdout.on('error', () => process.exit());
  process.exitCode = await verify(process.argv.slice(2), process.env, process);
}
