import { loadGraphiQL } from './graphiql.ts';
import type { Page } from './page.ts';
import { startPage } from './start-page.ts';

export interface ExplorersOptions {
  /** A token of the embedded REST API, to fill in for those who explore; undefined over a real one. */
  readonly token: string | undefined;
  /** Where the REST API is. */
  readonly upstreamUrl: URL;
  /** Where health and metrics are, without a path, if not beside GraphQL. */
  readonly adminUrl?: (() => string | undefined) | undefined;
}

/** The pages for developers, but for Sandbox, which Apollo Server renders. Not for production. */
export class Explorers {
  /** Where there are pages; `/*` stands for all paths that begin like it. */
  static readonly paths = ['/', '/favicon.ico', '/graphiql', '/graphiql/*'];
  readonly #options: ExplorersOptions;
  /** Loaded when first asked for, since it is large. */
  #graphiql: Promise<ReadonlyMap<string, Page>> | undefined;

  constructor(options: ExplorersOptions) {
    this.#options = options;
  }

  /** The page at a path, undefined where there is none; `host` is the `Host` header of the request. */
  async find(path: string, host: string | undefined): Promise<Page | undefined> {
    if (path === '/') return this.#startPage(host);
    // The embedded Sandbox asks for it, and has an icon of its own.
    if (path === '/favicon.ico') return NO_ICON;
    if (path !== '/graphiql' && !path.startsWith('/graphiql/')) return undefined;
    this.#graphiql ??= loadGraphiQL(this.#options.token);
    return (await this.#graphiql).get(path.replace(/\/$/, ''));
  }

  #startPage(host = ''): Page {
    const { token, upstreamUrl, adminUrl } = this.#options;
    const url = `http://${HOST.test(host) ? host : 'localhost:4000'}`;
    return startPage({ token, upstreamUrl, url, adminUrl: adminUrl?.() ?? '' });
  }
}

const NO_ICON: Page = { status: 204, headers: {}, body: '' };

/** What may stand in the commands of the start page, since it is to be pasted into a shell. */
const HOST = /^[A-Za-z0-9.:[\]-]{1,255}$/;
