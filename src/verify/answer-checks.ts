import { isJsonObject } from '#upstream/protocol/json-object.ts';
import { ABSENT, type Answer, isCompressed, isJsonType, isReplied, mediaType, metaStatus } from './answer.ts';
import {
  answerTo,
  deviates,
  type Evidence,
  type Finding,
  type Findings,
  holds,
  skipped,
} from './evidence.ts';
import { LATENCY_PROBES } from './probes.ts';

/** Whether answers have the documented status and form, and come in time over connections that stay. */
export function checkAnswers(evidence: Evidence): Findings {
  const all = [...evidence.answers.values()];
  const replies = all.filter(isReplied);
  const successes = replies.filter(({ reply }) => reply.status === 200);
  const usual = answerTo(evidence, 'all flags').seen;
  const { timeoutMs } = evidence.settings.upstream;
  return {
    'absent user': status(evidence, 'absent user', ['404'], ABSENT),
    // Which ids are bad is not documented: one that is of no known form may as well be that of nobody.
    'bad id': status(evidence, 'bad id', ['400', '404'], 'BAD_USER_INPUT'),
    'wrong token': status(evidence, 'wrong token', ['401'], 'UNAUTHENTICATED'),
    'no token': noToken(evidence),
    envelope: none(
      successes.filter(({ body }) => body !== undefined),
      envelopeFlaw,
      'meta, message and data',
      ({ seen, layer }) => (seen === '200' ? 'none: the layer reads nothing else but data' : layer),
    ),
    'content type': none(
      successes,
      ({ reply }) => (isJsonType(reply) ? undefined : mediaType(reply)),
      'application/json',
      ({ reply, layer }) =>
        reply.headers['content-type'] === undefined ? 'none: an answer without one is taken for JSON' : layer,
    ),
    compression: none(
      replies,
      ({ reply }) => (isCompressed(reply) ? 'compressed, unasked' : undefined),
      'none, as none was asked for',
      ({ layer }) => layer,
    ),
    redirects: none(
      replies,
      ({ reply, seen }) => (REDIRECTS.includes(reply.status) ? seen : undefined),
      'none',
      ({ layer }) => `${layer}: the layer follows none`,
    ),
    'keep-alive': keepAlive(replies),
    [`${LATENCY_PROBES.length} GETs in a row`]: none(
      repeatedAnswers(evidence),
      ({ seen }) => (seen === usual ? undefined : seen),
      `all like the first: ${usual}`,
      ({ layer }) => layer,
    ),
    latency: latency(evidence),
    deadline: none(
      all,
      ({ durationMs }) => (durationMs > timeoutMs ? `later than ${timeoutMs} ms` : undefined),
      `all within ${timeoutMs} ms`,
      () => 'UPSTREAM_TIMEOUT, for such a user',
    ),
  };
}

/** Holds where no answer has a flaw; `consequence` gets the first that has one. */
function none<A extends Answer>(
  answers: readonly A[],
  flawOf: (answer: A) => string | undefined,
  good: string,
  consequence: (first: A) => string,
): Finding {
  if (answers.length === 0) return skipped('no answer to look at');
  const flawed = answers.filter((answer) => flawOf(answer) !== undefined);
  const [first] = flawed;
  if (first === undefined) return holds(good);
  return deviates(`${flawOf(first)}, in ${flawed.length} of ${answers.length} answers`, consequence(first));
}

/** `usual`: what the layer answers where the status is the first of the expected ones. */
function status(evidence: Evidence, probe: string, expected: readonly string[], usual: string): Finding {
  const { seen, layer } = answerTo(evidence, probe);
  if (expected.includes(seen)) return holds(seen);
  const consequence =
    layer === usual ? 'none: the layer goes by the status in meta' : `${layer}, in place of ${usual}`;
  return deviates(`${seen}, not ${expected.join(' or ')}`, consequence);
}

function noToken(evidence: Evidence): Finding {
  const { seen, data } = answerTo(evidence, 'no token');
  if (seen === '401') return holds(seen);
  const open = data === undefined ? '' : '; but the REST API shows users to anybody';
  const own = 'none: the layer answers UNAUTHENTICATED itself and makes no GET';
  return deviates(`${seen}, not 401`, own + open);
}

/** What of `{ meta: { status: 'success', statusCode: 200 }, message, data }` a 200 lacks. */
function envelopeFlaw({ seen, body = {} }: Answer): string | undefined {
  if (seen !== '200') return seen;
  if (metaStatus(body) === undefined) return 'no meta.statusCode';
  if (!isJsonObject(body.meta) || body.meta.status !== 'success') return 'meta.status is not "success"';
  return typeof body.message === 'string' ? undefined : 'no message';
}

const REDIRECTS = [301, 302, 303, 307, 308];

function keepAlive(replies: readonly Answer[]): Finding {
  const reused = replies.filter(({ isReused }) => isReused).length;
  const seen = `new connections: ${replies.length - reused} for ${replies.length} answers`;
  // Some servers end a connection after a number of requests: that is no deviation.
  if (reused >= replies.length / 2) return holds(seen);
  return deviates(seen, 'no other answer, but each GET pays for a new connection');
}

const repeatedAnswers = (evidence: Evidence) => LATENCY_PROBES.map((name) => answerTo(evidence, name));

/** The latency of the equal GETs that were made for it, undefined where none was answered. */
export function measureLatency(evidence: Evidence) {
  const sorted = repeatedAnswers(evidence)
    .filter(isReplied)
    .map(({ durationMs }) => Math.round(durationMs * 10) / 10)
    .sort((one, other) => one - other);
  if (sorted.length === 0) return undefined;
  const quantile = (share: number) => sorted[Math.ceil(share * sorted.length) - 1] ?? 0;
  return { medianMs: quantile(0.5), p95Ms: quantile(0.95), maxMs: quantile(1) };
}

function latency(evidence: Evidence): Finding {
  const times = measureLatency(evidence);
  if (times === undefined) return skipped('no answer to time');
  const { timeoutMs, maxAttempts: attempts } = evidence.settings.upstream;
  const seen = `median ${times.medianMs} ms, 95 % ${times.p95Ms} ms, most ${times.maxMs} ms`;
  if (times.p95Ms * attempts <= timeoutMs) return holds(seen);
  const tooLong = `${attempts} attempts do not fit in ${timeoutMs} ms`;
  return deviates(seen, `UPSTREAM_TIMEOUT where a GET fails at first: ${tooLong}`);
}
