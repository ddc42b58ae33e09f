import { connect, createServer, type Socket } from 'node:net';
import { onTestFinished } from 'vitest';
import { listen } from '../support/listen.ts';

/** An HTTP proxy that opens tunnels, and writes down what it is asked. */
export interface ConnectProxy {
  readonly url: string;
  /** Each request's head, as it came. */
  readonly heads: readonly string[];
  /** How it answers a CONNECT; as long as it is undefined, with a tunnel. */
  refusal: string | undefined;
}

/** Starts a proxy on a free port of 127.0.0.1. It stops by itself at the end of the test that started it. */
export async function startConnectProxy(): Promise<ConnectProxy> {
  const heads: string[] = [];
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => {});
    let text = '';
    const onData = (chunk: Buffer) => {
      text += chunk.toString('latin1');
      if (!text.includes('\r\n\r\n')) return;
      socket.off('data', onData);
      heads.push(text);
      if (proxy.refusal === undefined) openTunnel(socket, text);
      else socket.write(proxy.refusal);
    };
    socket.on('data', onData);
  });
  const port = await listen(server);
  onTestFinished(() => {
    server.close();
    for (const socket of sockets) socket.destroy();
  });
  const proxy: ConnectProxy = { url: `http://127.0.0.1:${port}`, heads, refusal: undefined };
  return proxy;
}

function openTunnel(socket: Socket, head: string): void {
  const port = Number(/^CONNECT \S+:(\d+) /.exec(head)?.[1]);
  const target = connect(port, '127.0.0.1', () => {
    socket.write('HTTP/1.1 200 Connection established\r\n\r\n');
    socket.pipe(target).pipe(socket);
  });
  target.on('error', () => socket.destroy());
  target.on('close', () => socket.destroy());
  socket.on('close', () => target.destroy());
}
