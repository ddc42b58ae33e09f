import { isJsonObject } from '#upstream/protocol/json-object.ts';
import type { RestReply } from '../ask.ts';
import { isCompressed, isJsonType, isRedirect, mediaType, readBody } from '../interpret.ts';
import { type Check, deviates, type Evidence, holds, skipped } from './check.ts';

/** Whether the answers have the form that the layer reads, and come over connections that stay. */
export function checkProtocol(evidence: Evidence): Check[] {
  return [
    checkEnvelope(evidence),
    checkContentType(evidence),
    checkCompression(evidence),
    checkRedirects(evidence),
    checkKeepAlive(evidence),
  ];
}

const successes = ({ replies }: Evidence) => replies.filter(({ status }) => status === 200);

function checkEnvelope(evidence: Evidence): Check {
  const read = successes(evidence).filter((reply) => readBody(reply).body !== undefined);
  if (read.length === 0) return skipped('envelope', 'no 200 with JSON to look at');
  const bad = read.find((reply) => envelopeProblem(reply) !== undefined);
  if (bad === undefined) return holds('envelope', 'meta, message and data');
  const { data, metaStatus = 200 } = readBody(bad);
  const harmless = data !== undefined && metaStatus === 200;
  const consequence = harmless ? 'none: the layer reads nothing else but data' : evidence.layerAnswer(bad);
  return deviates('envelope', envelopeProblem(bad) ?? '', consequence);
}

/** What of `{ meta: { status: 'success', statusCode: 200 }, message, data }` a 200 lacks. */
function envelopeProblem(reply: RestReply): string | undefined {
  const { body = {}, data, metaStatus } = readBody(reply);
  if (metaStatus !== undefined && metaStatus !== 200)
    return `200 with an error inside: meta says ${metaStatus}`;
  if (data === undefined) return '200 with an error inside, or nothing: no data object';
  if (metaStatus === undefined) return 'no meta.statusCode';
  if (!isJsonObject(body.meta) || body.meta.status !== 'success') return 'meta.status is not "success"';
  return typeof body.message === 'string' ? undefined : 'no message';
}

function checkContentType(evidence: Evidence): Check {
  const replies = successes(evidence);
  if (replies.length === 0) return skipped('content type', 'no 200 to look at');
  const wrong = replies.find((reply) => !isJsonType(reply));
  if (wrong === undefined) return holds('content type', 'application/json');
  const absent = wrong.headers['content-type'] === undefined;
  const consequence = absent ? 'none: an answer without one is taken for JSON' : evidence.layerAnswer(wrong);
  return deviates('content type', mediaType(wrong), consequence);
}

function checkCompression(evidence: Evidence): Check {
  const compressed = evidence.replies.filter(isCompressed);
  const [worst] = compressed.toSorted((one, other) => one.status - other.status);
  if (worst === undefined) return holds('compression', 'none, as none was asked for');
  const seen = `${compressed.length} of ${evidence.replies.length} answers are compressed, unasked`;
  const consequence = worst.status === 200 ? evidence.layerAnswer(worst) : 'none: the status says enough';
  return deviates('compression', seen, consequence);
}

function checkRedirects(evidence: Evidence): Check {
  const redirected = evidence.replies.filter(isRedirect);
  const [first] = redirected;
  if (first === undefined) return holds('redirects', 'none');
  const seen = `${redirected.length} of ${evidence.replies.length} GETs (${first.status})`;
  return deviates('redirects', seen, `${evidence.layerAnswer(first)}: the layer follows none`);
}

function checkKeepAlive({ replies }: Evidence): Check {
  const reused = replies.filter(({ reusedConnection }) => reusedConnection).length;
  const seen = `new connections: ${replies.length - reused} for ${replies.length} answers`;
  // Some servers end a connection after a number of requests: that is no deviation.
  if (reused >= replies.length / 2) return holds('keep-alive', seen);
  return deviates('keep-alive', seen, 'no other answer, but each GET pays for a new connection');
}
