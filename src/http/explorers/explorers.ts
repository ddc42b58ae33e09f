import { loadGraphiQL } from './graphiql.ts';
import type { Page } from './page.ts';
import { type StartPageOptions, startPage } from './start-page.ts';

/** What the start page says; GraphiQL fills in the token alone. */
export type ExplorersOptions = StartPageOptions;

/** The pages for developers, but for Sandbox, which Apollo Server renders. Not for production. */
export class Explorers {
  readonly #options: ExplorersOptions;
  /** Loaded when first asked for, since it is large. */
  #graphiql: Promise<ReadonlyMap<string, Page>> | undefined;

  constructor(options: ExplorersOptions) {
    this.#options = options;
  }

  /** The page at a path, undefined where there is none; `host` is the `Host` header of the request. */
  async find(path: string, host: string | undefined): Promise<Page | undefined> {
    if (path === '/') return startPage(this.#options, host);
    // The embedded Sandbox asks for it, and has an icon of its own.
    if (path === '/favicon.ico') return { status: 204, headers: {}, body: '' };
    if (path !== '/graphiql' && !path.startsWith('/graphiql/')) return undefined;
    this.#graphiql ??= loadGraphiQL(this.#options.token);
    return (await this.#graphiql).get(path.replace(/\/$/, ''));
  }
}
