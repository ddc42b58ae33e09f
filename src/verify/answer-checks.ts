import { isJsonObject } from '#upstream/protocol/json-object.ts';
import { ABSENT, type Answer, isCompressed, isJsonType, mediaType, metaStatus } from './answer.ts';
import { answerTo, type Evidence, LATENCY_PROBES } from './probes.ts';
import type { RawReply } from './raw-client.ts';
import { type Check, deviates, type Finding, holds, type Latency, skipped } from './report.ts';

/** Whether answers have the documented status and form, and come in time over connections that stay. */
export function checkAnswers(evidence: Evidence): Check[] {
  const replies = [...evidence.answers.values()].filter(isReplied);
  const successes = replies.filter(({ raw }) => raw.status === 200);
  return [
    { name: 'absent user', ...status(evidence, 'absent user', [404], ABSENT) },
    // Which ids are bad is not documented: one that is of no known form may as well be that of nobody.
    { name: 'bad id', ...status(evidence, 'bad id', [400, 404], 'BAD_USER_INPUT') },
    { name: 'wrong token', ...status(evidence, 'wrong token', [401], 'UNAUTHENTICATED') },
    { name: 'no token', ...noToken(evidence) },
    { name: 'envelope', ...envelope(successes) },
    { name: 'content type', ...contentType(successes) },
    { name: 'compression', ...compression(replies) },
    { name: 'redirects', ...redirects(replies) },
    { name: 'keep-alive', ...keepAlive(replies) },
    { name: `${LATENCY_PROBES.length} GETs in a row`, ...repeated(evidence) },
    { name: 'latency', ...latency(evidence) },
    { name: 'deadline', ...deadline(evidence) },
  ];
}

type Replied = Answer & { readonly raw: RawReply };

const isReplied = (answer: Answer): answer is Replied => answer.raw.kind === 'response';

/** `usual`: what the layer answers where the status is the first of the expected ones. */
function status(evidence: Evidence, probe: string, expected: readonly number[], usual: string): Finding {
  const { raw, seen, layer } = answerTo(evidence, probe);
  if (raw.kind === 'response' && expected.includes(raw.status)) return holds(seen);
  const consequence =
    layer === usual ? 'none: the layer goes by the status in meta' : `${layer}, in place of ${usual}`;
  return deviates(`${seen}, not ${expected.join(' or ')}`, consequence);
}

function noToken(evidence: Evidence): Finding {
  const { seen, data } = answerTo(evidence, 'no token');
  if (seen === '401') return holds(seen);
  const open = data === undefined ? '' : '; but the REST API shows users to anybody';
  const consequence = `none: the layer answers UNAUTHENTICATED itself and makes no GET${open}`;
  return deviates(`${seen}, not 401`, consequence);
}

function envelope(successes: readonly Replied[]): Finding {
  const read = successes.filter(({ body }) => body !== undefined);
  if (read.length === 0) return skipped('no 200 with JSON to look at');
  const problems = read.flatMap((answer) => {
    const problem = envelopeProblem(answer);
    const layer = answer.seen === '200' ? 'none: the layer reads nothing else but data' : answer.layer;
    return problem === undefined ? [] : [deviates(problem, layer)];
  });
  return problems[0] ?? holds('meta, message and data');
}

/** What of `{ meta: { status: 'success', statusCode: 200 }, message, data }` a 200 lacks. */
function envelopeProblem({ body = {}, data }: Answer): string | undefined {
  const inMeta = metaStatus(body);
  if (inMeta !== undefined && inMeta !== 200) return `200 with an error inside: meta says ${inMeta}`;
  if (data === undefined) return '200 with an error inside, or nothing: no data object';
  if (inMeta === undefined) return 'no meta.statusCode';
  if (!isJsonObject(body.meta) || body.meta.status !== 'success') return 'meta.status is not "success"';
  return typeof body.message === 'string' ? undefined : 'no message';
}

function contentType(successes: readonly Replied[]): Finding {
  if (successes.length === 0) return skipped('no 200 to look at');
  const wrong = successes.find(({ raw }) => !isJsonType(raw));
  if (wrong === undefined) return holds('application/json');
  const isAbsent = wrong.raw.headers['content-type'] === undefined;
  const consequence = isAbsent ? 'none: an answer without one is taken for JSON' : wrong.layer;
  return deviates(mediaType(wrong.raw), consequence);
}

function compression(replies: readonly Replied[]): Finding {
  const compressed = replies.filter(({ raw }) => isCompressed(raw));
  const [first] = compressed;
  if (first === undefined) return holds('none, as none was asked for');
  return deviates(
    `${compressed.length} of ${replies.length} answers are compressed, unasked`,
    compressed.find(({ raw }) => raw.status === 200)?.layer ?? 'none: the status says enough',
  );
}

function redirects(replies: readonly Replied[]): Finding {
  const redirected = replies.filter(({ raw }) => REDIRECTS.includes(raw.status));
  const [first] = redirected;
  if (first === undefined) return holds('none');
  const seen = `${redirected.length} of ${replies.length} GETs (${first.raw.status})`;
  return deviates(seen, `${first.layer}: the layer follows none`);
}

const REDIRECTS = [301, 302, 303, 307, 308];

function keepAlive(replies: readonly Replied[]): Finding {
  const reused = replies.filter(({ raw }) => raw.reusedConnection).length;
  const seen = `new connections: ${replies.length - reused} for ${replies.length} answers`;
  // Some servers end a connection after a number of requests: that is no deviation.
  if (reused >= replies.length / 2) return holds(seen);
  return deviates(seen, 'no other answer, but each GET pays for a new connection');
}

const repeatedAnswers = (evidence: Evidence) => LATENCY_PROBES.map((name) => answerTo(evidence, name));

function repeated(evidence: Evidence): Finding {
  const usual = answerTo(evidence, 'all flags').seen;
  const unusual = repeatedAnswers(evidence).filter(({ seen }) => seen !== usual);
  const [first] = unusual;
  if (first === undefined) return holds(`all like the first: ${usual}`);
  return deviates(`${unusual.length} unlike the first: ${first.seen}`, first.layer);
}

/** The latency of the equal GETs that were made for it, undefined where none was answered. */
export function measureLatency(evidence: Evidence): Latency | undefined {
  const sorted = repeatedAnswers(evidence)
    .filter(isReplied)
    .map(({ raw }) => Math.round(raw.durationMs * 10) / 10)
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

function deadline({ answers, settings }: Evidence): Finding {
  const { timeoutMs } = settings.upstream;
  const slow = [...answers.values()].filter(({ raw }) => raw.durationMs > timeoutMs).length;
  const seen = `${slow} of ${answers.size} answers later than ${timeoutMs} ms`;
  return slow === 0 ? holds(seen) : deviates(seen, 'UPSTREAM_TIMEOUT, for such a user');
}
