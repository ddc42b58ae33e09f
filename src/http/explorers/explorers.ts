import { RequestError } from '#graphql/pipeline/reply.ts';
import type { Exchange } from '../exchange.ts';
import type { Route } from '../server.ts';
import type { Page } from './page.ts';
import type { StartPageOptions } from './start-page.ts';

/** The pages for developers, but for Sandbox, which Apollo Server renders. Not for production. */
export function explorerRoutes(options: StartPageOptions): Route[] {
  const explorers = new Explorers(options);
  const handler = async (exchange: Exchange) => {
    const page = await explorers.find(exchange.path, exchange.request.headers.host);
    if (page === undefined)
      throw new RequestError(404, 'There is nothing at this path.', { code: 'NOT_FOUND' });
    exchange.send(page.status ?? 200, page.headers, page.body);
  };
  const methods = ['GET', 'HEAD'];
  return ['/', '/favicon.ico', '/graphiql', '/graphiql/*'].map((path) => ({ path, methods, handler }));
}

/** Pages are loaded when one is asked for. What the start page says is given; GraphiQL fills in the token alone. */
export class Explorers {
  readonly #options: StartPageOptions;
  #graphiql: Promise<ReadonlyMap<string, Page>> | undefined;

  constructor(options: StartPageOptions) {
    this.#options = options;
  }

  /** The page at a path, undefined where there is none; `host` is the `Host` header of the request. */
  async find(path: string, host: string | undefined): Promise<Page | undefined> {
    if (path === '/') return (await import('./start-page.ts')).startPage(this.#options, host);
    // The embedded Sandbox asks for it, and has an icon of its own.
    if (path === '/favicon.ico') return { status: 204, headers: {}, body: '' };
    if (path !== '/graphiql' && !path.startsWith('/graphiql/')) return undefined;
    this.#graphiql ??= import('./graphiql.ts').then(({ loadGraphiQL }) => loadGraphiQL(this.#options.token));
    return (await this.#graphiql).get(path.replace(/\/$/, ''));
  }
}
