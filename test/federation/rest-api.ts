import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders } from 'node:http';
import { getUser } from '#mock-api/get-user.ts';

export const communityId = '61100af5c548eb5c7ebc0001';

/** The user of the demo community whose id ends in these four digits. */
export const userId = (end: string) => `61100af5c548eb5c7ebc${end}`;

/** The user of that number in the demo community: 0 to 299. */
export const userOfNumber = (number: number) => userId((0x7819 + number).toString(16));

/**
 * The REST API with its demo data, except that it fails for the users that it is told to fail for,
 * and takes as long as it is told to take.
 */
export type RestApi = AsyncDisposable & {
  readonly url: string;
  /** What it was asked, in the order in which it came; the address is path and query as received. */
  readonly requests: readonly { readonly url: string; readonly headers: IncomingHttpHeaders }[];
};

export async function startRestApi({
  failsFor = [],
  delayMs = 0,
}: {
  /** Ids of users for whom it answers 500. */
  failsFor?: readonly string[];
  /** How long each answer takes. */
  delayMs?: number;
} = {}): Promise<RestApi> {
  const requests: RestApi['requests'][number][] = [];
  const server = createServer((request, response) => {
    const { method = '', url = '', headers } = request;
    requests.push({ url, headers });
    const fails = failsFor.some((userId) => url.includes(`/users/${userId}?`));
    const answer = fails
      ? { statusCode: 500, message: 'Server Error' }
      : getUser(method, url, headers.authorization);
    setTimeout(() => {
      response.writeHead(answer.statusCode, { 'content-type': 'application/json; charset=utf-8' });
      response.end(JSON.stringify(answer));
    }, delayMs);
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
