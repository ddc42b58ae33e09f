import { once } from 'node:events';
import { connect } from 'node:net';
import { Worker } from 'node:worker_threads';
import { onTestFinished } from 'vitest';
import type { RestApi } from '../support/rest-api.ts';

/** Listens, then does nothing more: who connects stays in the queue, which holds two. */
const LISTEN = `
  const server = require('node:net').createServer().listen({ port: 0, host: '127.0.0.1', backlog: 1 }, () => {
    require('node:worker_threads').parentPort.postMessage(server.address().port);
    setImmediate(() => Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0));
  });`;

/** A listener that accepts nothing and whose queue is full: connecting to it never ends. */
export async function startBlackhole(): Promise<RestApi> {
  const thread = new Worker(LISTEN, { eval: true });
  const stop = async () => void (await thread.terminate());
  onTestFinished(stop);
  const [port]: number[] = await once(thread, 'message');
  const fillers = Array.from({ length: 8 }, () => connect({ port: port ?? 0, host: '127.0.0.1' }));
  onTestFinished(() => {
    for (const filler of fillers) filler.destroy();
  });
  let connected = 0;
  await new Promise<void>((resolve) => {
    for (const filler of fillers)
      filler.on('error', () => {}).on('connect', () => ++connected === 2 && resolve());
  });
  return { url: `http://127.0.0.1:${port}`, requests: [], stop };
}
