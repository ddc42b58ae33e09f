import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { Agent, request } from 'node:http';
import { text } from 'node:stream/consumers';
import { expect, onTestFinished, test } from 'vitest';
import { startRestApi } from '../support/rest-api.ts';
import { START_ARGUMENTS } from '../support/start-arguments.ts';

/** Well above what the service needs, and far below all of what it is sent here. */
const MAX_HEAP_MB = 128;

/** Starts the service with little memory: it ends where it keeps what it is sent. */
async function startSmallService() {
  const { url } = await startRestApi();
  const child = spawn(process.execPath, [`--max-old-space-size=${MAX_HEAP_MB}`, ...START_ARGUMENTS], {
    env: { PORT: '0', LOG_LEVEL: 'silent', UPSTREAM_URL: url },
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  const agent = new Agent({ keepAlive: true, maxSockets: 4 });
  onTestFinished(() => {
    agent.destroy();
    child.kill('SIGKILL');
  });
  const [banner] = await once(child.stdout, 'data');
  const address = /^GraphQL +(\S+)$/m.exec(String(banner))?.[1] ?? '';
  return async (parameters: unknown): Promise<string> => {
    const outgoing = request(address, {
      method: 'POST',
      agent,
      headers: { 'content-type': 'application/json' },
    });
    outgoing.end(JSON.stringify(parameters));
    const [response] = await once(outgoing, 'response');
    return text(response);
  };
}

/** Sends so many requests, a few at a time. */
async function sendAll(count: number, send: (index: number) => Promise<unknown>): Promise<void> {
  let next = 0;
  const sendInTurn = async () => {
    while (next < count) await send(next++);
  };
  await Promise.all([sendInTurn(), sendInTurn(), sendInTurn(), sendInTurn()]);
}

test.each<[string, number, (index: number) => unknown]>([
  ['distinct documents', 3000, (index) => ({ query: `{ ${'k'.repeat(90_000)}${index}: __typename }` })],
  [
    'documents full of comments',
    2000,
    (index) => ({ query: `${'# a comment\n'.repeat(7500)}{ a${index}: __typename }` }),
  ],
  ['documents that are refused', 1500, (index) => ({ query: `{ ${'k'.repeat(90_000)}${index} }` })],
  [
    'names of operations that a document does not have',
    500,
    (index) => ({ query: '{ __typename }', operationName: `${index}${'n'.repeat(900_000)}` }),
  ],
])(
  'the service keeps no more than it has room for, whatever anybody sends: %s',
  async (_what, count, parameters) => {
    const send = await startSmallService();
    await sendAll(count, (index) => send(parameters(index)));
    expect(JSON.parse(await send({ query: '{ __typename }' }))).toEqual({ data: { __typename: 'Query' } });
  },
);
