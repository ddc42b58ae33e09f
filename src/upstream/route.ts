import { buildConnector } from 'undici';
import { type ProxySettings, proxyAuthorization, proxyFor, tunnelConnector } from './proxy.ts';

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
