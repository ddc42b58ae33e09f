import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders } from 'node:http';
import { answer as demoAnswer } from '#mock-api/answer.ts';

export const communityId = '61100af5c548eb5c7ebc0001';

/** The user of the demo community whose id ends in these four digits. */
export const userId = (end: string) => `61100af5c548eb5c7ebc${end}`;

/** The REST API with its demo data, except that it fails for the users that it is told to fail for. */
export type RestApi = AsyncDisposable & {
  readonly url: string;
  /** What it was asked, in the order in which it came; the address is path and query as received. */
  readonly requests: readonly { readonly url: string; readonly headers: IncomingHttpHeaders }[];
};

export async function startRestApi({
  failsFor = [],
}: {
  failsFor?: readonly string[];
} = {}): Promise<RestApi> {
  const requests: RestApi['requests'][number][] = [];
  const server = createServer((request, response) => {
    const { method = '', url = '', headers } = request;
    requests.push({ url, headers });
    const fails = failsFor.some((userId) => url.includes(`/users/${userId}?`));
    const answer = fails
      ? { statusCode: 500, message: 'Server Error' }
      : demoAnswer(method, url, headers.authorization);
    response.writeHead(answer.statusCode, { 'content-type': 'application/json; charset=utf-8' });
    response.end(JSON.stringify(answer));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  return {
    url: `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}`,
    requests,
    async [Symbol.asyncDispose]() {
      server.close();
      server.closeAllConnections();
    },
  };
}

/** The addresses that were asked for, without what they have in common, sorted: "7819?displayName". */
export function gets(requests: RestApi['requests']): string[] {
  return requests.map(({ url }) => url.replace(usersPath, '')).sort();
}

const usersPath = `/apis/v1/communities/${communityId}/users/${userId('')}`;
