import { setTimeout } from 'node:timers/promises';
import { communityUser } from '#graphql/entities/community-user.ts';
import { type Command, CommandError, type Output, runAsProcess } from '#process/command.ts';
import type { Resource } from '#upstream/resource.ts';
import { ABSENT, type Answer } from './answer.ts';
import { Prober, planProbes } from './probes.ts';
import { toResult } from './report.ts';
import { HELP, readSettings, type Settings } from './settings.ts';

/** The command. `pauseMs` is the time between two GETs. */
export function verify(env: NodeJS.ProcessEnv, { stderr }: Output, pauseMs = 100): Command {
  return {
    help: HELP,
    options: { community: { type: 'string' }, user: { type: 'string' } },
    async run(args) {
      const settings = readSettings(args, env);
      // Who wants JSON from a terminal still wants to see that something is going on.
      const showsProgress = !args.json || stderr.isTTY === true;
      const progress = (line: string) => void (showsProgress && stderr.write(`${line}\n`));
      const { resource } = communityUser;
      if (resource === undefined) throw new TypeError('CommunityUser has no REST resource to check.');
      return toResult(await ask(resource, settings, pauseMs, progress), resource, settings);
    },
  };
}

/**
 * Makes all the GETs; gives the answers by the names of their probes.
 * @throws CommandError where the first ones show that there is nothing to check
 */
async function ask(
  resource: Resource,
  settings: Settings,
  pauseMs: number,
  progress: (line: string) => void,
): Promise<ReadonlyMap<string, Answer>> {
  const { url } = settings.upstream;
  const probes = planProbes(resource, settings);
  progress(`This makes ${probes.length} GETs to ${url}, one after the other, and changes nothing.`);
  await using prober = new Prober(settings);
  const answers = new Map<string, Answer>();
  for (const probe of probes) {
    if (answers.size > 0) await setTimeout(pauseMs);
    progress(`${String(answers.size + 1).padStart(2)}/${probes.length} ${probe.name}`);
    answers.set(probe.name, await prober.ask(probe));
    const reason = answers.size <= PRELIMINARY_GETS ? obstacle(answers, url) : undefined;
    if (reason !== undefined) throw new CommandError(reason);
  }
  return answers;
}

/** One flag, all flags, and all flags as a member. */
const PRELIMINARY_GETS = 3;

/** Why there is nothing to check, judged by the first answers; undefined where there is, or more are needed to tell. */
function obstacle(answers: ReadonlyMap<string, Answer>, url: URL): string | undefined {
  const [first, second] = answers.values();
  const asMember = answers.get('all flags, as a member');
  if (first && first.status === undefined && first.layer !== 'UPSTREAM_BAD_RESPONSE') {
    const words = WORDS.get(first.seen);
    return `The REST API at ${url} cannot be reached: ${words ? `${words} (${first.seen})` : first.seen}.`;
  }
  if (first?.layer === ABSENT) {
    return 'The REST API knows no such user in this community (404). Name one that exists.';
  }
  if (first && second && isRefused(first) && isRefused(second)) {
    return `The REST API refuses VERIFY_TOKEN for this community (${first.seen}).`;
  }
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

if (import.meta.main) await runAsProcess(verify(process.env, process));
