import type { Script, ScriptedRequest } from './scripted-api.ts';

/** Stands in every body that a user must not see; nothing of the layer's may repeat it. */
export const SECRET = 'hush-this-is-upstreams-own';

/** An HTTP/1.1 answer as it stands on the wire. Says its length and its type unless told otherwise. */
export function http(
  status: number,
  body: string | Uint8Array = '',
  headers: Readonly<Record<string, string | undefined>> = {},
): Buffer {
  const bytes = Buffer.from(body);
  const all: Record<string, string | undefined> = {
    'content-type': 'application/json',
    'content-length': String(bytes.length),
    ...headers,
  };
  const lines = Object.entries(all).flatMap(([name, value]) =>
    value === undefined ? [] : `${name}: ${value}`,
  );
  return Buffer.concat([Buffer.from(`HTTP/1.1 ${status} Whatever\r\n${lines.join('\r\n')}\r\n\r\n`), bytes]);
}

/** The body of the documented 200, holding this. */
export function found(data: unknown, meta: unknown = { status: 'success', statusCode: 200 }): string {
  return JSON.stringify({ meta, message: 'Get user success.', data });
}

/** The flags of a request, each given its own name as its value; `_id` is the user asked for. */
export function echo({ url }: ScriptedRequest): string {
  const [path = '', query = ''] = url.split('?');
  const data: Record<string, string> = {};
  for (const flag of query.split('&'))
    data[flag] = flag === '_id' ? path.slice(path.lastIndexOf('/') + 1) : flag;
  return found(data);
}

/** Answers well. */
export const well: Script = (request) => request.socket.write(http(200, echo(request)));

/** Always the same bytes. */
export const always =
  (bytes: string | Uint8Array): Script =>
  ({ socket }) =>
    socket.write(bytes);

/** The same bytes, after which the connection is closed. */
export const closingAfter =
  (bytes: string | Uint8Array): Script =>
  ({ socket }) =>
    socket.end(bytes);

/** Breaks the connection off: a reset. */
export const reset: Script = ({ socket }) => socket.resetAndDestroy();

/** Says nothing, ever. */
export const silence: Script = () => {};

/** The first request is answered by the first script, and so on; the last one answers all the others. */
export function inTurn(...scripts: readonly Script[]): Script {
  return (request) => scripts[Math.min(request.number, scripts.length) - 1]?.(request);
}
