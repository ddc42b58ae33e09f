import { connect } from 'node:net';

export interface RawAnswer {
  readonly status: number;
  /** By lower-case name. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/**
 * Sends bytes as they are on a connection of their own, and reads until the server closes it: what is sent must make it do
 * so, by an error or by `Connection: close`. For what no HTTP client would send. `\n` stands for the end of a line.
 */
export async function sendRaw(url: string, head: string, body = ''): Promise<RawAnswer> {
  const { hostname, port } = new URL(url);
  const socket = connect(Number(port), hostname);
  socket.write(head.replaceAll('\n', '\r\n') + body);
  const chunks: Buffer[] = [];
  try {
    for await (const chunk of socket) chunks.push(chunk);
  } catch {
    // Closed with some of our bytes unread: what it had to say came before.
  }
  return parse(Buffer.concat(chunks).toString('latin1'));
}

/** A JSON body with its headers, to end a request with; `Connection: close` is among them. */
export function jsonBody(value: unknown): string {
  const body = typeof value === 'string' ? value : JSON.stringify(value);
  return `Content-Type: application/json\nContent-Length: ${Buffer.byteLength(body)}\nConnection: close\n\n${body}`;
}

function parse(text: string): RawAnswer {
  const end = text.indexOf('\r\n\r\n');
  const [statusLine = '', ...lines] = text.slice(0, end).split('\r\n');
  const headers = lines.map((line) => {
    const colon = line.indexOf(':');
    return [line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim()] as const;
  });
  const status = Number(statusLine.split(' ')[1]);
  return { status, headers: Object.fromEntries(headers), body: text.slice(end + 4) };
}
