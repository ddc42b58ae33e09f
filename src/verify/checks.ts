import { isJsonObject } from '#upstream/protocol/json-object.ts';
import type { Resource } from '#upstream/resource.ts';
import { type Answer, JSON_TYPE, metaStatus } from './answer.ts';
import type { Check } from './check.ts';
import { fieldChecks } from './field-checks.ts';
import { REPEATED_PROBES } from './probes.ts';
import type { Settings } from './settings.ts';

/** All that is assumed of a REST resource with field flags, for what was answered to each probe. */
export function planChecks(
  answers: ReadonlyMap<string, Answer>,
  resource: Resource,
  { upstream, community, user }: Settings,
): readonly Check[] {
  const to = (...probes: readonly string[]) => probes.flatMap((name) => answers.get(name) ?? []);
  const { timeoutMs, maxAttempts } = upstream;
  const all = [...answers.values()];
  const replies = all.filter(({ status }) => status !== undefined);
  const successes = replies.filter(({ status }) => status === 200);
  const repeated = to(...REPEATED_PROBES);
  const usual = answers.get('all flags')?.seen;
  const newConnections = replies.filter(({ isReused }) => !isReused).length;
  const latency = measureLatency(answers);
  const isSlow = latency !== undefined && latency.p95Ms * maxAttempts > timeoutMs;
  const times = `median ${latency?.medianMs} ms, 95 % ${latency?.p95Ms} ms, most ${latency?.maxMs} ms`;
  const status = (name: string, ...expected: readonly string[]): Check => ({
    name,
    answers: to(name),
    flawOf: ({ seen }) => !expected.includes(seen) && `${seen}, not ${expected.join(' or ')}`,
    good: to(name)
      .map(({ seen }) => seen)
      .join(),
  });
  return [
    ...fieldChecks(to, resource, [community, user]),
    status('absent user', '404'),
    // Which ids are bad is not documented: one that is of no known form may as well be that of nobody.
    status('bad id', '400', '404'),
    status('wrong token', '401'),
    {
      ...status('no token', '401'),
      flawOf: ({ seen, data }) =>
        seen !== '401' && `${seen}, not 401${data ? ': users are shown to anybody' : ''}`,
      consequence: 'none: the layer answers UNAUTHENTICATED itself and makes no GET',
    },
    {
      name: 'envelope',
      answers: successes.filter(({ body }) => body !== undefined),
      flawOf: envelopeFlaw,
      good: 'meta, message and data',
    },
    {
      name: 'content type',
      answers: successes,
      flawOf: ({ mediaType = '' }) => !JSON_TYPE.test(mediaType) && mediaType,
      good: 'application/json',
    },
    {
      name: 'compression',
      answers: replies,
      flawOf: ({ isCompressed }) => isCompressed === true && 'compressed, unasked',
      good: 'none, as none was asked for',
    },
    {
      name: 'redirects',
      answers: replies,
      flawOf: ({ seen }) => /^30[12378]$/.test(seen) && seen,
      good: 'none',
    },
    {
      name: 'keep-alive',
      answers: replies,
      // Some servers end a connection after a number of requests: that is no deviation.
      flawOf: ({ isReused }) => !isReused && newConnections > replies.length / 2 && 'a new connection',
      good: `${newConnections} new connections for ${replies.length} answers`,
      consequence: 'none, but each GET pays for a new connection',
    },
    {
      name: `${REPEATED_PROBES.length} GETs in a row`,
      answers: repeated,
      flawOf: ({ seen }) => seen !== usual && seen,
      good: `all like the first: ${usual}`,
    },
    {
      name: 'latency',
      answers: latency === undefined ? [] : repeated.slice(0, 1),
      flawOf: () => isSlow && times,
      good: times,
      consequence: `UPSTREAM_TIMEOUT where a GET fails at first: ${maxAttempts} attempts do not fit in ${timeoutMs} ms`,
    },
    {
      name: 'deadline',
      answers: all,
      flawOf: ({ durationMs }) => durationMs > timeoutMs && `later than ${timeoutMs} ms`,
      good: `all within ${timeoutMs} ms`,
      consequence: 'UPSTREAM_TIMEOUT, for such a user',
    },
  ];
}

/** What of `{ meta: { status: 'success', statusCode: 200 }, message, data }` a 200 lacks. */
function envelopeFlaw({ seen, body = {} }: Answer): string | false {
  if (seen !== '200') return seen;
  if (metaStatus(body) === undefined) return 'no meta.statusCode';
  if (!isJsonObject(body.meta) || body.meta.status !== 'success') return 'meta.status is not "success"';
  return typeof body.message !== 'string' && 'no message';
}

/** The latency of equal GETs, undefined where none was answered. */
export function measureLatency(answers: ReadonlyMap<string, Answer>) {
  const sorted = REPEATED_PROBES.flatMap((name) => answers.get(name) ?? [])
    .filter(({ status }) => status !== undefined)
    .map(({ durationMs }) => Math.round(durationMs * 10) / 10)
    .sort((one, other) => one - other);
  if (sorted.length === 0) return undefined;
  const quantile = (share: number) => sorted[Math.ceil(share * sorted.length) - 1] ?? 0;
  return { medianMs: quantile(0.5), p95Ms: quantile(0.95), maxMs: quantile(1) };
}
