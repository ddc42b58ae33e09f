import { setTimeout } from 'node:timers/promises';
import { HELP, readArguments, type Settings } from './arguments.ts';
import { RawClient, type RestAnswer } from './ask.ts';
import { checkAll } from './checks/all.ts';
import { type Check, Evidence } from './checks/check.ts';
import { measureLatency } from './checks/latency.ts';
import { communityUserResource } from './community-user.ts';
import { obstacle } from './obstacle.ts';
import { type ProbeName, planProbes } from './probes.ts';
import { allHolds, type Report, toJson, toTable } from './report.ts';

/** Where the command writes to: `process`, or a test. */
export interface Output {
  readonly stdout: { write(text: string): unknown };
  readonly stderr: { write(text: string): unknown; readonly isTTY?: boolean };
}

export interface VerifyOptions {
  /** Between two GETs. */
  readonly pauseMs?: number;
}

/** Runs the command and gives its exit code: 0 all holds, 1 something deviates, 2 it could not check. */
export async function verify(
  argv: readonly string[],
  env: Readonly<Record<string, string | undefined>>,
  { stdout, stderr }: Output,
  { pauseMs = 100 }: VerifyOptions = {},
): Promise<0 | 1 | 2> {
  const read = readArguments(argv, env);
  if (read.kind === 'help') {
    stdout.write(HELP);
    return 0;
  }
  if (read.kind === 'invalid') {
    stderr.write(
      `This cannot be checked:\n${read.problems.map((problem) => `  - ${problem}\n`).join('')}See --help.\n`,
    );
    return 2;
  }
  const { settings } = read;
  // Who wants JSON from a terminal still wants to see that something is going on.
  const showsProgress = !settings.json || stderr.isTTY === true;
  const progress = (line: string) => void (showsProgress && stderr.write(`${line}\n`));

  const outcome = await check(settings, { env, pauseMs, progress });
  if (typeof outcome === 'string') {
    stderr.write(`${outcome}\n`);
    return 2;
  }
  stdout.write(settings.json ? toJson(outcome) : toTable(outcome));
  return allHolds(outcome) ? 0 : 1;
}

interface Running extends Required<VerifyOptions> {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly progress: (line: string) => void;
}

/** Asks and checks; gives a sentence where there was nothing to check. */
async function check(settings: Settings, { env, pauseMs, progress }: Running): Promise<Report | string> {
  const { url, timeoutMs, maxBodyBytes } = settings;
  const probes = planProbes(communityUserResource, settings);
  progress(`This makes ${probes.length} GETs to ${url}, one after the other, and changes nothing.`);
  // Past the layer's deadline, so that a slow answer is told from none.
  using client = new RawClient({ url, patienceMs: PATIENCE * timeoutMs, maxBodyBytes, env });
  const answers = new Map<ProbeName, RestAnswer>();
  for (const { name, path, token } of probes) {
    if (answers.size > 0) await setTimeout(pauseMs);
    progress(`${String(answers.size + 1).padStart(2)}/${probes.length} ${name}`);
    answers.set(name, await client.get(path, token));
    const reason = answers.size <= PRELIMINARY_GETS ? obstacle(answers, url) : undefined;
    if (reason !== undefined) return reason;
  }
  const evidence = new Evidence(communityUserResource, settings, answers);
  const checks = checkAll(evidence).map((one) => withoutTokens(one, settings));
  return { settings, gets: answers.size, checks, latency: measureLatency(evidence) };
}

const PATIENCE = 3;

/** One flag, all flags, and all flags as a member. */
const PRELIMINARY_GETS = 3;

/** A check may hold words of the REST API, such as a field's name, and these may be anything. */
function withoutTokens(check: Check, { token, memberToken = token }: Settings): Check {
  const redact = (text: string) => text.replaceAll(token, '(token)').replaceAll(memberToken, '(token)');
  const { seen, consequence } = check;
  return {
    ...check,
    seen: redact(seen),
    ...(consequence !== undefined && { consequence: redact(consequence) }),
  };
}
