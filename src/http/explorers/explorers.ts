import { RequestError } from '#graphql/pipeline/reply.ts';
import type { Route } from '../server.ts';
import type { Page } from './page.ts';
import type { StartPageOptions } from './start-page.ts';

/** The pages for developers, but for Sandbox, which Apollo Server renders. Not for production. */
export function explorerRoutes(options: StartPageOptions): Route[] {
  const findPage = explorerPages(options);
  const handler: Route['handler'] = async (exchange) => {
    const page = await findPage(exchange.path, exchange.request.headers.host);
    if (page === undefined)
      throw new RequestError(404, 'There is nothing at this path.', { code: 'NOT_FOUND' });
    exchange.send(page.status ?? 200, page.headers, page.body);
  };
  const methods = ['GET', 'HEAD'];
  return ['/', '/favicon.ico', '/graphiql', '/graphiql/*'].map((path) => ({ path, methods, handler }));
}

/**
 * Finds the page at a path, undefined where there is none; `host` is the `Host` header of the request. Pages are loaded
 * when one is asked for. What the start page says is given; GraphiQL fills in the token alone.
 */
export function explorerPages(options: StartPageOptions) {
  let graphiql: Promise<ReadonlyMap<string, Page>> | undefined;
  return async (path: string, host: string | undefined): Promise<Page | undefined> => {
    if (path === '/') return (await import('./start-page.ts')).startPage(options, host);
    // The embedded Sandbox asks for it, and has an icon of its own.
    if (path === '/favicon.ico') return { status: 204, headers: {}, body: '' };
    graphiql ??= import('./graphiql.ts').then(({ loadGraphiQL }) => loadGraphiQL(options.token));
    return (await graphiql).get(path.replace(/\/$/, ''));
  };
}
