import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { resolve } from 'node:path';
import { text } from 'node:stream/consumers';
import { describe, expect, onTestFinished, test } from 'vitest';
import { gatewayNames } from '../../examples/federation/gateways/gateway.ts';
import { listen } from '../support/listen.ts';
import { ask } from './ask.ts';
import { communityId } from './rest-api.ts';

const script = resolve(import.meta.dirname, '../../examples/federation/start.ts');

describe.each(gatewayNames)('the example with --gateway %s', (gateway) => {
  // The signals are the example's to handle, and no gateway's.
  const signals = gateway === gatewayNames[0] ? (['SIGTERM', 'SIGINT'] as const) : (['SIGTERM'] as const);

  test.each(signals)('answers, and ends cleanly at %s', async (signal) => {
    const example = startExample(['--gateway', gateway, '--port', '0']);
    const url = await example.gatewayUrl();
    const query = `{ posts(communityId: "${communityId}", first: 1) { author { username } } }`;
    expect(await ask(url, query)).toEqual({ data: { posts: [{ author: { username: 'admin' } }] } });
    example.kill(signal);
    expect(await example.ended).toEqual({ code: 0, stderr: '' });
    await expect(fetch(url)).rejects.toThrow();
  });
});

test.each([
  ['its own', 0],
  ["a subgraph's", 2],
])('says in one sentence that %s port is taken', async (_, place) => {
  const port = await takePort();
  const { code, stderr } = await startExample(['--port', String(port - place)]).ended;
  expect(code).toBe(1);
  expect(stderr).toMatch(/^Port \d+ is taken: choose another one with --port\.\n$/);
  // Somebody else may listen on one of those before it.
  const named = Number(/\d+/.exec(stderr)?.[0]);
  expect(named).toBeGreaterThanOrEqual(port - place);
  expect(named).toBeLessThanOrEqual(port);
});

test.each([['--gateway', 'nobody'], ['--port', 'x'], ['--port', '70000'], ['--what']])(
  'says in one sentence what is wrong with %s %s',
  async (...parameters) => {
    const { code, stderr } = await startExample(parameters).ended;
    expect(code).toBe(1);
    expect(stderr).toMatch(/^.+\n$/);
    expect(stderr).toContain(parameters[0]);
  },
);

function startExample(parameters: readonly string[]) {
  const child = spawn(process.execPath, [script, ...parameters], { stdio: ['ignore', 'pipe', 'pipe'] });
  onTestFinished(() => void child.kill('SIGKILL'));
  const ended = Promise.all([once(child, 'exit'), text(child.stderr)]).then(([[code], stderr]) => ({
    code,
    stderr,
  }));
  const welcome = new Promise<string>((welcomed) => {
    let printed = '';
    child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
      printed += chunk;
      if (printed.includes('Ctrl+C stops')) welcomed(printed);
    });
  });
  return {
    ended,
    kill: (signal: NodeJS.Signals) => child.kill(signal),
    /** The address that it prints; fails where it ends without one. */
    async gatewayUrl(): Promise<string> {
      const printed = await Promise.race([welcome, ended.then(({ stderr }) => stderr)]);
      return (
        /^ {2}gateway +(\S+)/m.exec(printed)?.[1] ?? expect.fail(`It ended without an address: ${printed}`)
      );
    },
  };
}

/** A port of 127.0.0.1 that somebody listens on, until the test is finished. */
async function takePort(): Promise<number> {
  const server = createServer();
  onTestFinished(() => void server.close());
  return listen(server);
}
