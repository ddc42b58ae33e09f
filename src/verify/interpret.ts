import { isJsonObject, type JsonObject } from '#upstream/protocol/json-object.ts';
import type { RestAnswer, RestReply } from './ask.ts';

/** What the layer makes of an answer of the REST API: the error's code, the user, or null for an absent one. */
export type Meaning =
  | { readonly kind: 'found'; readonly data: JsonObject }
  | { readonly kind: 'absent' }
  | { readonly kind: 'error'; readonly code: string; readonly why: string };

/** Reads an answer as the layer does. */
export function interpret(answer: RestAnswer): Meaning {
  if (answer.kind !== 'reply') return failed(FAILURES[answer.kind], answer.reason);
  if (answer.status !== 200) return byStatus(answer.status);
  const { headers } = answer;
  if (answer.text === undefined) return badResponse('too large');
  if (isCompressed(answer)) return badResponse('compressed');
  if (headers['content-type'] !== undefined && !isJsonType(answer)) return badResponse(mediaType(answer));
  const { body, data, metaStatus } = readBody(answer);
  if (body === undefined) return badResponse('not a JSON object');
  if (metaStatus !== undefined && metaStatus !== 200) return byStatus(metaStatus);
  return data === undefined ? badResponse('without data') : { kind: 'found', data };
}

const FAILURES = {
  unreachable: 'UPSTREAM_UNAVAILABLE',
  broken: 'UPSTREAM_BAD_RESPONSE',
  late: 'UPSTREAM_TIMEOUT',
} as const;

/** The meaning in words, as a client of the layer sees it. */
export function layerAnswer(meaning: Meaning): string {
  if (meaning.kind === 'found') return 'a user, with what "data" holds';
  if (meaning.kind === 'absent') return 'null, without an error';
  const { code, why } = meaning;
  return code === 'UPSTREAM_BAD_RESPONSE' ? `${code} (${why})` : code;
}

/** An answer in a few words, such as `200` or `200 with 404 in meta`. No value of the answer is in them. */
export function describe(answer: RestAnswer): string {
  if (answer.kind !== 'reply') return answer.reason;
  const { status } = answer;
  if (status !== 200) return isRedirect(answer) ? `${status}, a redirect` : String(status);
  const { body, data, metaStatus } = readBody(answer);
  if (answer.text === undefined) return '200, too large';
  if (body === undefined) return isJsonType(answer) ? '200, broken JSON' : `200, ${mediaType(answer)}`;
  if (metaStatus !== undefined && metaStatus !== 200) return `200 with ${metaStatus} in meta`;
  return data === undefined ? '200 without data' : '200';
}

/** What stands in a body, whatever its encoding and media type. */
export interface Body {
  readonly body: JsonObject | undefined;
  readonly data: JsonObject | undefined;
  readonly metaStatus: number | undefined;
}

export function readBody({ text }: RestReply): Body {
  const body = parse(text);
  if (!isJsonObject(body)) return { body: undefined, data: undefined, metaStatus: undefined };
  const status = isJsonObject(body.meta) ? body.meta.statusCode : undefined;
  return {
    body,
    data: isJsonObject(body.data) ? body.data : undefined,
    metaStatus: typeof status === 'number' ? status : undefined,
  };
}

/** The status that the layer acts on: of a 200 the one in `meta`, if there is one; undefined where no answer came. */
export function effectiveStatus(answer: RestAnswer): number | undefined {
  if (answer.kind !== 'reply') return undefined;
  return answer.status === 200 ? (readBody(answer).metaStatus ?? 200) : answer.status;
}

export const isRedirect = ({ status }: RestReply): boolean => status >= 300 && status < 400 && status !== 304;

export function isCompressed({ headers }: RestReply): boolean {
  const encoding = headers['content-encoding'];
  return encoding !== undefined && encoding !== 'identity';
}

export function isJsonType({ headers }: RestReply): boolean {
  return /^\s*application\/(?:[\w.+-]+\+)?json\s*(?:;|$)/i.test(headers['content-type'] ?? '');
}

/** The media type alone, fit for a table; it is the REST API's text, and may be anything. */
export function mediaType({ headers }: RestReply): string {
  const type = headers['content-type'];
  if (type === undefined) return 'no content type';
  return /^[\w.+-]{1,40}\/[\w.+-]{1,40}(?=\s*(?:;|$))/.exec(type)?.[0] ?? 'an odd media type';
}

function byStatus(status: number): Meaning {
  if (status === 404) return { kind: 'absent' };
  const code = CODES.get(status) ?? (status >= 500 && status < 600 ? 'UPSTREAM_UNAVAILABLE' : undefined);
  return code === undefined ? badResponse(`status ${status}`) : failed(code, `status ${status}`);
}

const CODES: ReadonlyMap<number, string> = new Map([
  [400, 'BAD_USER_INPUT'],
  [401, 'UNAUTHENTICATED'],
  [403, 'FORBIDDEN'],
  [429, 'RATE_LIMITED'],
]);

const failed = (code: string, why: string): Meaning => ({ kind: 'error', code, why });
const badResponse = (why: string): Meaning => failed('UPSTREAM_BAD_RESPONSE', why);

/** JSON with exact integers: those beyond 2⁵³ as bigints, as the layer's decoders take them. */
function parse(text = ''): unknown {
  try {
    return JSON.parse(text, (_key, value: unknown, context?: { source?: string }) => {
      const unsafe = typeof value === 'number' && !Number.isSafeInteger(value);
      return unsafe && /^-?\d+$/.test(context?.source ?? '') ? BigInt(context?.source ?? '') : value;
    });
  } catch {
    return undefined;
  }
}
