import { Socket } from 'node:net';
import { buildConnector, Client } from 'undici';

/** Which proxies to go through, as the environment variables of these names have it. */
export interface ProxySettings {
  readonly httpsProxy?: string | undefined;
  readonly httpProxy?: string | undefined;
  readonly noProxy?: string | undefined;
}

export interface RouteOptions {
  /** Address of the REST API; a path in it goes in front of every path. */
  readonly url: URL;
  readonly connectTimeoutMs: number;
  readonly proxy?: ProxySettings | undefined;
}

/** Where and how connections are made. */
export interface Route {
  /** What is connected to: `https://api.example.com`. */
  readonly origin: string;
  /** What goes in front of every path. */
  readonly pathPrefix: string;
  /** Headers that this way needs beside those of the GET, names and values in turn. */
  readonly headers: readonly string[];
  readonly connect: buildConnector.connector;
}

/** The way to the REST API: straight, through a tunnel where it speaks https, or by way of a proxy that asks it. */
export function routeTo({ url, connectTimeoutMs, proxy: settings = {} }: RouteOptions): Route {
  const proxy = proxyFor(url, settings);
  const basePath = url.pathname.replace(/\/+$/, '');
  // One for all connections, for it remembers TLS sessions.
  const connect = buildConnector({ timeout: connectTimeoutMs, allowH2: false });
  if (proxy === undefined) return { origin: url.origin, pathPrefix: basePath, headers: [], connect };
  if (url.protocol === 'https:') {
    const tunnel = tunnelConnector(proxy, url, connectTimeoutMs);
    return { origin: url.origin, pathPrefix: basePath, headers: [], connect: tunnel };
  }
  const headers = ['host', url.host, ...proxyAuthorization(proxy)];
  return { origin: proxy.origin, pathPrefix: url.origin + basePath, headers, connect };
}

/**
 * The proxy on the way to an address; undefined where there is none.
 * @throws TypeError where the proxy's address is none
 */
export function proxyFor(url: URL, { httpsProxy, httpProxy, noProxy = '' }: ProxySettings): URL | undefined {
  const proxy = url.protocol === 'https:' ? httpsProxy : httpProxy;
  if (!proxy || noProxy.split(/[\s,]+/).some((entry) => excludes(entry, url))) return undefined;
  return new URL(proxy.includes('://') ? proxy : `http://${proxy}`);
}

/** Whether an entry of NO_PROXY is about this address: `*`, a host, or a domain with all hosts in it, each with a port or not. */
function excludes(entry: string, url: URL): boolean {
  const [, name = '', port] = /^(\[.*\]|[^:]*|.*:.*:.*?)(?::(\d+))?$/.exec(entry.toLowerCase()) ?? [];
  if (name === '' || (port !== undefined && port !== (url.port || DEFAULT_PORTS[url.protocol]))) return false;
  if (name === '*') return true;
  const host = bare(url.hostname);
  const domain = bare(name.replace(/^\*?\./, ''));
  return host.endsWith(`.${domain}`) || (host === domain && !name.startsWith('*'));
}

const DEFAULT_PORTS: Readonly<Record<string, string>> = { 'http:': '80', 'https:': '443' };

/** A host without the brackets of an IPv6 address and the dot of the root domain. */
function bare(host: string): string {
  return host.replace(/^\[|\]$/g, '').replace(/\.$/, '');
}

/** The header that tells a proxy who we are, where its address says so; name and value in turn. */
export function proxyAuthorization({ username, password }: URL): string[] {
  if (username === '') return [];
  const credentials = `${decodeURIComponent(username)}:${decodeURIComponent(password)}`;
  return ['proxy-authorization', `Basic ${Buffer.from(credentials).toString('base64')}`];
}

/** Connects to an HTTPS server through a proxy: a CONNECT for each connection, and TLS through the tunnel. */
function tunnelConnector(proxy: URL, target: URL, timeoutMs: number): buildConnector.connector {
  const connect = buildConnector({ timeout: timeoutMs, allowH2: false });
  const secure = buildConnector({ timeout: timeoutMs, allowH2: false });
  const path = target.port === '' ? `${target.host}:443` : target.host;
  const headers = ['host', path, ...proxyAuthorization(proxy)];
  return (options, callback) => {
    const client = new Client(proxy.origin, { connect, headersTimeout: timeoutMs, allowH2: false });
    client.connect({ path, headers }, (error, data) => {
      if (error !== null) {
        callback(tunnelError(error), null);
        return;
      }
      const { socket, statusCode } = data;
      if (statusCode >= 200 && statusCode <= 299 && socket instanceof Socket) {
        secure({ ...options, httpSocket: socket }, callback);
      } else {
        socket.on('error', () => {}).destroy();
        callback(tunnelError(`it answered ${statusCode}`), null);
      }
    });
  };
}

/** Not as undici threw it: what has a code of its own it takes for a reason to connect anew, without end. */
function tunnelError(cause: unknown): Error {
  return new Error('The proxy opened no tunnel', { cause });
}
