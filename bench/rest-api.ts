/**
 * The REST API that every candidate reads, as a process of its own: a raw TCP responder with ready-made answers, so
 * that it costs far less than what it feeds. Tells its port over IPC, and what it counted when asked to. Its first
 * argument says how many milliseconds it takes for an answer; the second, `tls`, lets it speak TLS.
 */
import { createServer, type Socket } from 'node:net';
import { createServer as createTlsServer } from 'node:tls';
import { selfSigned } from '../test/faults/self-signed.ts';
import type { RestApiReport } from './rest-api-process.ts';
import { userRecordOf } from './users.ts';

const endOfHead = '\r\n\r\n';
const delayMs = Number(process.argv[2]);
const answers = new Map<string, Buffer>();
let gets = 0;
let bytes = 0;
let handshakes = 0;
let resumed = 0;

const identity = process.argv[3] === 'tls' ? selfSigned() : undefined;
const server = identity
  ? createTlsServer({ ...identity, noDelay: true }, (socket) => {
      handshakes += 1;
      if (socket.isSessionReused()) resumed += 1;
      serve(socket);
    })
  : createServer({ noDelay: true }, serve);
server.listen(0, '127.0.0.1', () => {
  const address = server.address();
  if (address && typeof address === 'object') report({ port: address.port, certificate: identity?.cert });
});

process.on('message', () => {
  report({ gets, bytes, handshakes, resumed });
  gets = bytes = handshakes = resumed = 0;
});
process.on('disconnect', () => process.exit(0));

function report(message: RestApiReport): void {
  process.send?.(message);
}

function serve(socket: Socket): void {
  let rest: Buffer | undefined;
  socket.on('data', (chunk: Buffer) => {
    let input = rest ? Buffer.concat([rest, chunk]) : chunk;
    let end = input.indexOf(endOfHead);
    while (end >= 0) {
      const answer = answerTo(input, end);
      gets += 1;
      bytes += answer.length;
      if (delayMs > 0) setTimeout(() => socket.write(answer), delayMs);
      else socket.write(answer);
      input = input.subarray(end + endOfHead.length);
      end = input.length > 0 ? input.indexOf(endOfHead) : -1;
    }
    rest = input.length > 0 ? input : undefined;
  });
  socket.on('error', () => socket.destroy());
}

function answerTo(input: Buffer, end: number): Buffer {
  const path = input.toString('latin1', 4, input.indexOf(' ', 4));
  const known = answers.get(path);
  if (known) return known;
  const answer = makeAnswer(path, input.toString('latin1', 0, end));
  // Refusals are not kept: a candidate that forgets the token is found out, whoever asked before it.
  if (answer.status === 200) answers.set(path, answer.bytes);
  return answer.bytes;
}

function makeAnswer(path: string, head: string): { status: number; bytes: Buffer } {
  const match = /^\/apis\/v1\/communities\/\w+\/users\/(\w+)\?([\w&]+)$/.exec(path);
  if (!head.startsWith('GET ') || !match) return failure(400, 'Bad Request');
  if (!/^authorization: bearer \S+$/im.test(head)) return failure(401, 'Unauthorized');
  const [, userId = '', query = ''] = match;
  const flags = new Set(query.split('&'));
  const data = Object.fromEntries(Object.entries(userRecordOf(userId)).filter(([field]) => flags.has(field)));
  const meta = { status: 'success', statusCode: 200 };
  return { status: 200, bytes: response('200 OK', { meta, message: 'Get user success.', data }) };
}

function failure(status: number, reason: string): { status: number; bytes: Buffer } {
  const meta = { status: 'error', statusCode: status };
  return { status, bytes: response(`${status} ${reason}`, { meta, message: reason }) };
}

// The headers that an ordinary API sends, so that reading them costs the candidates what it would cost them there.
function response(status: string, body: object): Buffer {
  const json = JSON.stringify(body);
  const head = [
    `HTTP/1.1 ${status}`,
    'x-powered-by: Express',
    'access-control-allow-origin: *',
    'content-type: application/json; charset=utf-8',
    `content-length: ${Buffer.byteLength(json)}`,
    `etag: W/"${json.length.toString(16)}-bench"`,
    'date: Fri, 01 Dec 2023 10:30:00 GMT',
    'connection: keep-alive',
    'keep-alive: timeout=600',
  ];
  return Buffer.from(head.join('\r\n') + endOfHead + json);
}
