import { createServer, type Socket } from 'node:net';
import { onTestFinished } from 'vitest';
import { listen } from '../support/listen.ts';
import type { RestApi } from '../support/rest-api.ts';
import { type RequestHead, readRequests } from './read-requests.ts';

/** One request as it came over a connection of its own or a kept one. */
export interface ScriptedRequest extends RequestHead {
  /** Which request of the server's life it is, from 1. */
  readonly number: number;
  readonly socket: Socket;
}

/** Answers a request byte by byte, or does not. */
export type Script = (request: ScriptedRequest) => void;

/** A REST API that knows no HTTP but what its script writes, so that it can break every rule of it. */
export interface ScriptedApi extends RestApi {
  readonly requests: ScriptedRequest[];
  /** Connections that are open at the moment. */
  readonly sockets: ReadonlySet<Socket>;
  /** How many were open at once at the most. */
  readonly mostSockets: number;
  /** How many were ever opened. */
  readonly openedSockets: number;
  /** Resolves once this condition holds; it is looked at whenever a request comes or a connection opens or closes. */
  until(condition: () => boolean): Promise<void>;
}

/** Starts a scripted REST API on a free port of 127.0.0.1. It stops by itself at the end of the test that started it. */
export async function startScriptedApi(script: Script): Promise<ScriptedApi> {
  const requests: ScriptedRequest[] = [];
  const sockets = new Set<Socket>();
  const waiters = new Set<() => void>();
  const changed = () => {
    for (const waiter of waiters) waiter();
  };
  let mostSockets = 0;
  let openedSockets = 0;

  const server = createServer((socket) => {
    sockets.add(socket);
    openedSockets++;
    mostSockets = Math.max(mostSockets, sockets.size);
    socket.setNoDelay(true);
    socket.on('error', () => {});
    socket.on('close', () => {
      sockets.delete(socket);
      changed();
    });
    readRequests(socket, (head) => {
      const request = { ...head, number: requests.length + 1, socket };
      requests.push(request);
      script(request);
      changed();
    });
    changed();
  });
  const port = await listen(server);

  const stop = () =>
    new Promise<void>((resolve) => {
      server.close(() => resolve());
      for (const socket of sockets) socket.destroy();
    });
  onTestFinished(stop);
  return {
    url: `http://127.0.0.1:${port}`,
    requests,
    sockets,
    get mostSockets() {
      return mostSockets;
    },
    get openedSockets() {
      return openedSockets;
    },
    until: (condition) =>
      new Promise((resolve) => {
        const look = () => {
          if (!condition()) return;
          waiters.delete(look);
          resolve();
        };
        waiters.add(look);
        look();
      }),
    stop,
  };
}
