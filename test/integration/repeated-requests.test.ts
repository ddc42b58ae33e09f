import { describe, expect, test } from 'vitest';
import { hashOf, manifestOf } from '../security/manifest.ts';
import { communityId, userId } from '../support/demo.ts';
import { type Layer, startLayer } from '../support/layer.ts';
import { always, answerFromDemoData, startRestApi } from '../support/rest-api.ts';

const query = `query Profile($id: ID!, $more: Boolean = false) {
  communityUser(communityId: "${communityId}", userId: $id) { username email @include(if: $more) }
}
query Other { __typename }`;
const good = { query, operationName: 'Profile', variables: { id: userId() } };

interface Request {
  readonly body: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

/** All that the client sees of an answer, except for how long things took and when. */
async function ask(layer: Layer, { body, headers }: Request) {
  const response = await fetch(`${layer.url}/graphql`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      authorization: 'Bearer demo-owner',
      'x-request-id': 'the-same',
      ...headers,
    },
    body: JSON.stringify(body),
  });
  const { date: _date, ...others } = Object.fromEntries(response.headers);
  const text = (await response.text()).replaceAll(/"durationMs":[\d.]+/g, '"durationMs":0');
  // The length of a text that says how long something took may differ by a digit.
  return { status: response.status, headers: { ...others, 'content-length': text.length }, text };
}

const report = { 'x-upstream-report': '1' };
const modern = { accept: 'application/graphql-response+json, application/json;q=0.9' };
const requests: [string, Request][] = [
  ['a user', { body: good }],
  ['other variables', { body: { ...good, variables: { id: userId(7), more: true } } }],
  ['an absent user', { body: { ...good, variables: { id: 'f'.repeat(24) } } }],
  ['a user who cannot be had', { body: { ...good, variables: { id: '..' } } }],
  ['no token', { body: good, headers: { authorization: '' } }],
  ['the report', { body: good, headers: report }],
  ['the newer media type', { body: good, headers: modern }],
  ['the newer media type and an error', { body: { ...good, variables: { id: '..' } }, headers: modern }],
  ['nulls', { body: { ...good, extensions: null, variables: { ...good.variables, more: null } } }],
  ['extensions of a client', { body: { ...good, extensions: { clientLibrary: { name: 'a' } } } }],
  ['another operation', { body: { query, operationName: 'Other' } }],
  ['no operation of two', { body: { query } }],
  ['an operation that is not there', { body: { ...good, operationName: 'profile' } }],
  ['an operation whose name is a number', { body: { ...good, operationName: 1 } }],
  ['variables that are missing', { body: { ...good, variables: null } }],
  ['variables that are a string', { body: { ...good, variables: '{}' } }],
  ['variables that are a list', { body: { ...good, variables: [] } }],
  ['a variable of the wrong type', { body: { ...good, variables: { id: {} } } }],
  ['a variable that is a long list', { body: { ...good, variables: { id: Array(2000).fill('u') } } }],
  ['extensions that are a string', { body: { ...good, extensions: '{}' } }],
  ['extensions that are a list', { body: { ...good, extensions: [] } }],
  ['a persisted query', { body: { ...good, extensions: { persistedQuery: { sha256Hash: hashOf(query) } } } }],
  ['an Accept that cannot be served', { body: good, headers: { accept: 'text/csv' } }],
  ['the same text with a comment', { body: { ...good, query: `${query} # again` } }],
  ['a list of requests', { body: [good] }],
];

/** A layer that has answered the operation so often that it is compiled, with both media types. */
async function startWarm(env: Readonly<Record<string, string>> = {}): Promise<Layer> {
  const layer = await startLayer({ env });
  for (const headers of [{}, modern, {}, modern]) await ask(layer, { body: good, headers });
  await ask(layer, { body: { ...good, variables: { id: userId(7), more: true } } });
  return layer;
}

describe('a request is answered alike, header for header and byte for byte, be its operation new or known', () => {
  test.each(requests)('%s', async (_what, request) => {
    const [fresh, warm] = [await startLayer(), await startWarm()];
    const expected = await ask(fresh, request);
    for (let time = 0; time < 4; time++) expect(await ask(warm, request)).toEqual(expected);
  });

  test('a user whom the REST API does not give', async () => {
    const restApi = await startRestApi(always(500, {}));
    const layer = await startLayer({ restApi, env: { UPSTREAM_ATTEMPTS: '1' } });
    const expected = await ask(layer, { body: good });
    expect(JSON.parse(expected.text)).toMatchObject({ errors: [{ extensions: { requestId: 'the-same' } }] });
    for (let time = 0; time < 3; time++) expect(await ask(layer, { body: good })).toEqual(expected);
  });
});

test('a known operation that is answered while the server stops says that the connection closes', async () => {
  const held: (() => void)[] = [];
  let hold = false;
  const asked = Promise.withResolvers<void>();
  const restApi = await startRestApi((request, response) => {
    if (!hold) return answerFromDemoData(request, response);
    held.push(() => answerFromDemoData(request, response));
    asked.resolve();
  });
  const layer = await startLayer({ restApi, start: { drainTimes: { idleMs: 0, limitMs: 5000 } } });
  for (let time = 0; time < 3; time++) await ask(layer, { body: good });
  hold = true;
  const inFlight = ask(layer, { body: good });
  await asked.promise;
  const stopped = layer.stop();
  for (const answer of held) answer();
  expect(await inFlight).toMatchObject({ status: 200, headers: { connection: 'close' } });
  await stopped;
});

describe.each(['allow', 'log', 'require'])('with trusted documents, in mode %s', (mode) => {
  const other = `${query} # not in the manifest`;
  const trusted: [string, Request][] = [
    ['its text', { body: good }],
    ['its id', { body: { ...good, query: undefined, documentId: `sha256:${hashOf(query)}` } }],
    ['its id and an untrusted text', { body: { ...good, query: other, documentId: hashOf(query) } }],
    ['an untrusted text', { body: { ...good, query: other } }],
    ['an id that nobody knows', { body: { ...good, query: undefined, documentId: hashOf(other) } }],
  ];
  test.each(trusted)('%s is answered alike each time', async (_what, request) => {
    const env = { PERSISTED_DOCUMENTS: await manifestOf(query), PERSISTED_DOCUMENTS_MODE: mode };
    const [fresh, warm] = [await startLayer({ env }), await startWarm(env)];
    const expected = await ask(fresh, request);
    for (let time = 0; time < 4; time++) expect(await ask(warm, request)).toEqual(expected);
  });
});
