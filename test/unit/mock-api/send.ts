import { type IncomingHttpHeaders, request } from 'node:http';
import { urlToHttpOptions } from 'node:url';

export type Reply = {
  statusCode: number | undefined;
  headers: IncomingHttpHeaders;
  text: string;
  body: unknown;
};

export type Sending = { method?: string; token?: string; authorization?: string | string[] };

/** Sends one request on a connection of its own, with the path exactly as given: `fetch` would tidy it up. */
export function send(origin: string, path: string, sending: Sending = {}): Promise<Reply> {
  const { method = 'GET', token, authorization = token && `Bearer ${token}` } = sending;
  const options = { ...urlToHttpOptions(new URL(origin)), path, method, agent: false };
  return new Promise((resolve, reject) => {
    const outgoing = request(options, async (response) => {
      try {
        const text = Buffer.concat(await response.toArray()).toString();
        const { statusCode, headers } = response;
        resolve({ statusCode, headers, text, body: text === '' ? undefined : JSON.parse(text) });
      } catch (error) {
        reject(error);
      }
    });
    if (authorization) outgoing.setHeader('authorization', authorization);
    outgoing.on('error', reject).end();
  });
}

/** The path of a user, as the REST API documents it. */
export function userPath(communityId: string, userId: string, query = ''): string {
  return `/apis/v1/communities/${communityId}/users/${userId}${query}`;
}
