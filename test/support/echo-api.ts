import { envelope, type RestApi, type RestHandler, sendJson, startRestApi } from './rest-api.ts';

/**
 * Answers with everything that is asked for, whoever the user is: `email` of `u1` is `u1:email`, its `_id` `u1`, its `id` 1.
 */
export const echo: RestHandler = ({ url }, response) => {
  const [path = '', query = ''] = url.split('?');
  const user = path.slice(path.lastIndexOf('/') + 1);
  const known: Readonly<Record<string, unknown>> = {
    _id: user,
    id: 1,
    isOnline: true,
    lastLogin: '2023-12-01T10:30:00Z',
  };
  sendJson(
    response,
    200,
    envelope(Object.fromEntries(query.split('&').map((flag) => [flag, known[flag] ?? `${user}:${flag}`]))),
  );
};

/** A REST API in which every user is there. It stops by itself at the end of the test that started it. */
export function startEchoApi(): Promise<RestApi> {
  return startRestApi(echo);
}

/** GETs without what they have in common, sorted: `u1?email`. */
export function shortGets(urls: readonly string[]): string[] {
  return urls.map((url) => url.slice(url.lastIndexOf('/') + 1)).sort();
}
