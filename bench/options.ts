import { parseArgs } from 'node:util';
import { type Candidate, candidates } from './candidates.ts';
import { type Work, works } from './works.ts';

/** The sections that are measured apart from the table, in the order of the report; each is a flag as well. */
export const sectionNames = [
  'start',
  'tls',
  'growth',
  'bytes',
  'workers',
  'fairness',
  'worst',
  'soak',
] as const;
export type SectionName = (typeof sectionNames)[number];

/** What the command line asks for. */
export interface Options {
  readonly rounds: number;
  /** Timed seconds of each work in each round. */
  readonly seconds: number;
  readonly warmUpSeconds: number;
  /** At most so many timed requests of each work in each round. */
  readonly requests: number;
  readonly connections: number;
  readonly candidates: readonly Candidate[];
  readonly works: readonly Work[];
  /** The sections to measure, all of them beside the table. */
  readonly sections: readonly SectionName[];
  /** Whether there is a table, too. */
  readonly table: boolean;
  readonly write: boolean;
  readonly profile: boolean;
  /** Requests of the soak. */
  readonly soak: number;
}

/** Is thrown for a command line that makes no sense; the message is for the person who typed it. */
export class UsageError extends Error {}

export const usage = `npm run bench -- [flags]

  --rounds N          rounds; each candidate is started once in each (5)
  --seconds S         timed seconds of each work in each round (2)
  --warm-up S         seconds of load before that (2)
  --requests N        at most N timed requests of each work in each round (200000)
  --connections N     connections of the load (32)
  --only a,b          only these candidates, and the floor: ${candidates.map((each) => each.name).join(', ')}
  --works a,b         only these works: ${works.map((each) => each.name).join(', ')}
  --quick             two short rounds and the table alone; writes nothing
  --no-sections       the table alone
  --no-write          leave RESULTS.md and results.svg as they are
  --profile           instead: CPU profile of the layer (or --only ...) under W1 (or --works ...)
  --start             instead: start to first answer
  --tls               instead: a REST API that speaks TLS
  --growth            instead: cost by users, fields and distinct documents
  --bytes             instead: what exact selection saves upstream
  --workers           instead: throughput of the layer on two cores, with WORKERS=1 and WORKERS=2
  --fairness          instead: what one caller's single user takes beside 5 and 30 callers that loop lists
  --worst             instead: the dearest requests; exit code 1 where one costs too much
  --soak [N]          instead: resident memory of the layer over N requests of W1 (1000000)
  --help              this text`;

/** Reads the command line; undefined where it asks for help. Throws UsageError. */
export function readOptions(args: readonly string[]): Options | undefined {
  const values = parse(withSoakDefault(args));
  if (values.help) return undefined;
  const quick = values.quick;
  const asked = sectionNames.filter((name) => values[name]);
  const only = pick('--only', values.only, candidates) ?? (values.profile ? named('layer') : candidates);
  return {
    rounds: number('--rounds', values.rounds, quick ? 2 : 5, { whole: true }),
    seconds: number('--seconds', values.seconds, quick ? 1 : values.profile ? 10 : 2),
    warmUpSeconds: number('--warm-up', values['warm-up'], quick ? 1 : 2),
    requests: number('--requests', values.requests, 200_000, { whole: true }),
    connections: number('--connections', values.connections, 32, { whole: true }),
    candidates: values.profile
      ? only
      : candidates.filter((each) => each.name === 'floor' || only.includes(each)),
    works: pick('--works', values.works, works) ?? (values.profile ? works.slice(0, 1) : works),
    sections: asked.length > 0 ? asked : quick || values['no-sections'] ? [] : sectionNames,
    table: asked.length === 0,
    write: !quick && !values['no-write'] && asked.length === 0,
    profile: values.profile,
    soak: number('--soak', values.soak, 1_000_000, { whole: true }),
  };
}

function parse(args: string[]) {
  const text = { type: 'string' } as const;
  const flag = { type: 'boolean', default: false } as const;
  try {
    return parseArgs({
      args,
      options: {
        rounds: text,
        seconds: text,
        'warm-up': text,
        requests: text,
        connections: text,
        only: text,
        works: text,
        quick: flag,
        'no-sections': flag,
        'no-write': flag,
        profile: flag,
        start: flag,
        tls: flag,
        growth: flag,
        bytes: flag,
        workers: flag,
        fairness: flag,
        worst: flag,
        soak: text,
        help: flag,
      },
    }).values;
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error));
  }
}

function withSoakDefault(args: readonly string[]): string[] {
  return args.flatMap((arg, i) =>
    arg === '--soak' && !/^\d/.test(args[i + 1] ?? '') ? [arg, '1000000'] : [arg],
  );
}

function named(name: string): readonly Candidate[] {
  return candidates.filter((each) => each.name === name);
}

function number(flag: string, text: string | undefined, otherwise: number, { whole = false } = {}): number {
  if (text === undefined) return otherwise;
  const value = Number(text);
  if (text.trim() === '' || !(value > 0) || !Number.isFinite(value) || (whole && !Number.isInteger(value))) {
    throw new UsageError(`${flag} takes a ${whole ? 'whole ' : ''}number above 0, not "${text}"`);
  }
  return value;
}

function pick<T extends { readonly name: string }>(
  flag: string,
  text: string | undefined,
  all: readonly T[],
): readonly T[] | undefined {
  if (text === undefined) return undefined;
  const names = text.split(',').map((name) => name.trim());
  const known = all.map((each) => each.name);
  const unknown = names.filter((name) => !known.includes(name));
  if (unknown.length > 0)
    throw new UsageError(`${flag} knows ${known.join(', ')}, not "${unknown.join(', ')}"`);
  return all.filter((each) => names.includes(each.name));
}
