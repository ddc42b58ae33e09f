import { RequestError } from '#graphql/pipeline/reply.ts';
import type { Exchange } from './exchange.ts';
import type { ExplorersOptions } from './explorers/explorers.ts';
import type { Route } from './server.ts';

/** The pages for developers. They are loaded when one is asked for. */
export function explorerRoutes(options: ExplorersOptions): Route[] {
  const loading = () => import('./explorers/explorers.ts').then(({ Explorers }) => new Explorers(options));
  let explorers: ReturnType<typeof loading> | undefined;
  const handler = async (exchange: Exchange) => {
    explorers ??= loading();
    const page = await (await explorers).find(exchange.path, exchange.request.headers.host);
    if (page === undefined)
      throw new RequestError(404, 'There is nothing at this path.', { code: 'NOT_FOUND' });
    exchange.send(page.status ?? 200, page.headers, page.body);
  };
  return ['/', '/favicon.ico', '/graphiql', '/graphiql/*'].map((path) => ({
    path,
    methods: ['GET', 'HEAD'],
    handler,
  }));
}
