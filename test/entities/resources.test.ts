import { pino } from 'pino';
import { describe, expect, test } from 'vitest';
import { explainDocument } from '#explain/explain-document.ts';
import { createSchema } from '#graphql/schema.ts';
import { answerFrom } from '#mock-api/answer.ts';
import { readConfig } from '#process/config.ts';
import { communityId } from '../support/demo.ts';
import { type Layer, startLayer } from '../support/layer.ts';
import { sendJson, startRestApi } from '../support/rest-api.ts';
import { answers, entities, resources, sdl } from './catalog.ts';

/** The real service over a REST API that has the catalog's resources. */
async function startCatalog(env: Readonly<Record<string, string>> = {}): Promise<Layer> {
  const answer = answerFrom(resources);
  const restApi = await startRestApi(({ method, url, headers }, response) => {
    const { statusCode, message, data } = answer(method, url, headers.authorization);
    sendJson(response, statusCode, { meta: { statusCode }, message, data });
  });
  return startLayer({
    restApi,
    env: { UPSTREAM_ATTEMPTS: '1', ...env },
    // What a definition computes wrongly goes to the log, as what nobody foresaw.
    start: { schema: { sdl, entities }, logger: pino({ level: 'silent' }) },
  });
}

const badgePath = (badgeId: string) => `/apis/v1/communities/${communityId}/badges/${badgeId}`;
const badge = (badgeId: string) => `badge(communityId: "${communityId}", badgeId: "${badgeId}")`;

describe('a resource that its definition alone declares', () => {
  test('is asked for exactly the selected fields, in the order of the definition', async () => {
    const layer = await startCatalog();
    const { data } = await layer.query(`query ($no: Boolean = false) {
      ${badge('gold')} { ...B weight @include(if: $no) } }
      fragment B on Badge { rare: isRare name communityId }`);
    expect(data).toEqual({ badge: { rare: true, name: 'Gold', communityId } });
    expect(layer.requests).toEqual([`${badgePath('gold')}?name&isRare`]);
  });

  test('is asked for the field that tells of existence where only its key is selected', async () => {
    const layer = await startCatalog();
    const { data } = await layer.query(
      `{ ${badge('tin')} { badgeId } account(userId: "nobody") { userId } }`,
    );
    expect(data).toEqual({ badge: { badgeId: 'tin' }, account: null });
    expect(layer.requests.toSorted()).toEqual([`${badgePath('tin')}?name`, '/apis/v1/users/nobody?name']);
  });

  test('gives links and computed fields what they read, and selects no more', async () => {
    const layer = await startCatalog();
    const { data } = await layer.query(`{
      gold: ${badge('gold')} { label stars owner { name } }
      tin: ${badge('tin')} { owner { name } } }`);
    expect(data).toEqual({
      gold: { label: 'gold: Gold, 20 g', stars: 10, owner: { name: 'Ada' } },
      tin: { owner: null },
    });
    expect(layer.requests.toSorted()).toEqual([
      `${badgePath('gold')}?name&weight&ownerId`,
      `${badgePath('tin')}?ownerId`,
      '/apis/v1/users/ada?name',
    ]);
  });

  test('may have seventy fields', async () => {
    const layer = await startCatalog();
    const chosen = ['answer68', 'answer0', 'answer31', 'answer30', 'answer62'];
    const { data } = await layer.query(`{
      profile(profileId: "ada") { ${chosen.join(' ')} }
      account(userId: "ada") { profile { answer61 answer62 } } }`);
    expect(data).toEqual({
      profile: Object.fromEntries(chosen.map((name) => [name, `${name} of ada`])),
      account: { profile: { answer61: 'answer61 of ada', answer62: 'answer62 of ada' } },
    });
    expect(layer.requests).toContain('/apis/v1/profiles/ada?answer0&answer30&answer31&answer62&answer68');
    expect(layer.requests).toContain('/apis/v1/profiles/ada?answer61');
    await layer.query(`{ profile(profileId: "ada") { ${answers.toReversed().join(' ')} } }`);
    expect(layer.requests.at(-1)).toBe(`/apis/v1/profiles/ada?${answers.join('&')}`);
  });
});

describe('several resources in one operation', () => {
  test('are merged each for itself, over aliases, links and lists', async () => {
    const layer = await startCatalog();
    const { data } = await layer.query(`{
      account(userId: "ada") { name }
      again: account(userId: "ada") { points badges(communityId: "${communityId}", badgeIds: ["gold", "none"]) { name } }
      badges(communityId: "${communityId}", badgeIds: ["gold", "gold"]) { weight } }`);
    expect(data).toEqual({
      account: { name: 'Ada' },
      again: { points: 12, badges: [{ name: 'Gold' }, null] },
      badges: [{ weight: 20 }, { weight: 20 }],
    });
    expect(layer.requests.toSorted()).toEqual([
      `${badgePath('gold')}?name`,
      `${badgePath('gold')}?weight`,
      `${badgePath('none')}?name`,
      '/apis/v1/users/ada?name&points',
    ]);
  });

  test('do not take each other for the same where their paths are the same', async () => {
    const layer = await startCatalog();
    const { data } = await layer.query(`{
      account(userId: "ada") { name points } settings(userId: "ada") { theme phone } }`);
    expect(data).toEqual({
      account: { name: 'Ada', points: 12 },
      settings: { theme: 'dark', phone: null },
    });
    expect(layer.requests.toSorted()).toEqual([
      '/apis/v1/users/ada?name&points',
      '/apis/v1/users/ada?theme&phone',
    ]);
  });

  test('are found by their representations, whatever the order of a key', async () => {
    const layer = await startCatalog();
    const representations = [
      { __typename: 'Badge', badgeId: 'tin', communityId, name: 'from another subgraph' },
      { __typename: 'Account', userId: 'ada' },
      { __typename: 'Profile', profileId: '../ada' },
      { __typename: 'Badge', communityId },
      { __typename: 'CommunityUser', communityId, userId: 'u' },
      { __typename: 'Badge', communityId, badgeId: 'none' },
    ];
    const { data, errors } = await layer.query(
      `query ($representations: [_Any!]!) { _entities(representations: $representations) {
        __typename ... on Account { name } ... on Badge { name isRare } ... on Profile { answer5 } } }`,
      { variables: { representations } },
    );
    expect(data).toEqual({
      _entities: [
        { __typename: 'Badge', name: 'Tin', isRare: false },
        { __typename: 'Account', name: 'Ada' },
        ...[null, null, null, null],
      ],
    });
    expect(errors?.map(({ path, message }) => [path?.[1], message.split(' ', 1)[0]])).toEqual([
      [2, 'profileId'],
      [3, 'badgeId'],
      [4, 'A'],
    ]);
    expect(layer.requests).toHaveLength(3);
  });

  test('have limits, metrics and a report by resource', async () => {
    const layer = await startCatalog({ MAX_USERS_PER_OPERATION: '2' });
    const { data, errors, extensions } = await layer.query(
      `{ badges(communityId: "${communityId}", badgeIds: ["gold", "tin", "none"]) { name }
         a: account(userId: "ada") { name } b: account(userId: "bob") { name } }`,
      { headers: { 'x-upstream-report': '1' } },
    );
    expect(data).toEqual({
      badges: [{ name: 'Gold' }, { name: 'Tin' }, null],
      a: { name: 'Ada' },
      b: { name: 'Bob' },
    });
    expect(errors).toMatchObject([
      {
        path: ['badges', 2],
        message: 'One operation may read at most 2 distinct items of a kind; this one is past the limit.',
        extensions: { code: 'TOO_MANY_USERS' },
      },
    ]);
    expect(extensions?.upstream).toMatchObject({ users: 4, items: { badge: 2, account: 2 } });
    const metrics = await (await fetch(`${layer.url}/metrics`)).text();
    expect(metrics).toContain('graphql_items_requested_total{resource="badge"} 2');
    expect(metrics).toContain('upstream_gets_total{resource="account"} 2');
    expect(metrics).toContain('upstream_attempt_duration_seconds_count{resource="account",status="200"} 2');
  });
});

describe('what a resource does not give', () => {
  test('is told apart from what is empty', async () => {
    const layer = await startCatalog();
    const { data } = await layer.query(
      `query ($field: AccountField!) {
        account(userId: "ada") { phone phoneHidden: isWithheld(field: phone) asked: isWithheld(field: $field) }
        profile(profileId: "ada") { last: isHidden(answer: answer69) other: isHidden(answer: answer38) } }`,
      { variables: { field: 'points' } },
    );
    expect(data).toEqual({
      account: { phone: null, phoneHidden: true, asked: false },
      profile: { last: true, other: false },
    });
    expect(layer.requests.toSorted()).toEqual([
      '/apis/v1/profiles/ada?answer38&answer69',
      '/apis/v1/users/ada?phone&points',
    ]);
  });

  test('is an error at its own place', async () => {
    const layer = await startCatalog();
    const { data, errors } = await layer.query(`{
      account(userId: "bob") { name points }
      busy: account(userId: "busy") { name }
      wrong: ${badge('wrong')} { name }
      tin: ${badge('tin')} { name stars }
      id: profile(profileId: "a b") { answer1 } }`);
    expect(data).toEqual({
      account: { name: 'Bob', points: null },
      busy: null,
      wrong: null,
      tin: { name: 'Tin', stars: null },
      id: null,
    });
    expect(errors?.map(({ path, extensions }) => [path?.join('.'), extensions.code])).toEqual([
      ['account.points', 'UPSTREAM_BAD_RESPONSE'],
      ['busy', 'UPSTREAM_UNAVAILABLE'],
      ['wrong', 'UPSTREAM_BAD_RESPONSE'],
      ['tin.stars', 'INTERNAL_SERVER_ERROR'],
      ['id', 'BAD_USER_INPUT'],
    ]);
    expect(errors?.map(({ message }) => message).join()).not.toMatch(/user\b|communit/i);
  });
});

test.each<[string, string, object, object, string[]]>([
  [
    'a key without a part that may be null, whatever its variable is called',
    'query ($toString: ID) { settings(userId: $toString) { theme } }',
    {},
    { settings: null },
    [],
  ],
  [
    'a list of which no item may be absent',
    `{ certainBadges(communityId: "${communityId}", badgeIds: ["gold", "none"]) { name } account(userId: "ada") { name } }`,
    {},
    { certainBadges: null, account: { name: 'Ada' } },
    ['certainBadges.1'],
  ],
  [
    'such a list where all of them are there',
    `{ certainBadges(communityId: "${communityId}", badgeIds: ["gold", "tin"]) { name } }`,
    {},
    { certainBadges: [{ name: 'Gold' }, { name: 'Tin' }] },
    [],
  ],
  [
    'a wrong argument beside a field that is null',
    `query ($id: ID = "b") { ${badge('tin')} { ofOwner(badgeId: $id) { name } } }`,
    { id: null },
    { badge: { ofOwner: null } },
    ['badge.ofOwner'],
  ],
])('%s is the same for plan and graphql-js', async (_what, query, variables, data, errors) => {
  const layer = await startCatalog({ FEDERATED_TRACING: 'true' });
  for (const headers of [{}, { 'apollo-federation-include-trace': 'ftv1' }]) {
    const answer = await layer.query(query, { variables, headers });
    expect(answer.data).toEqual(data);
    expect(answer.errors?.map(({ path }) => path?.join('.')) ?? []).toEqual(errors);
  }
});

test('graphql-js, which executes what a router traces, answers the same', async () => {
  const layer = await startCatalog({ FEDERATED_TRACING: 'true' });
  const operation = `{
    ${badge('gold')} { name label stars owner { name isWithheld(field: phone) profile { answer64 } } }
    tin: ${badge('tin')} { stars name } }`;
  const planned = await layer.query(operation);
  const traced = await layer.query(operation, { headers: { 'apollo-federation-include-trace': 'ftv1' } });
  expect(traced.extensions).toHaveProperty('ftv1');
  expect(traced.data).toEqual(planned.data);
  expect(traced.errors?.map(({ path, extensions }) => [path, extensions.code])).toEqual([
    [['tin', 'stars'], 'INTERNAL_SERVER_ERROR'],
  ]);
  expect(layer.requests.slice(0, 4).toSorted()).toEqual(layer.requests.slice(4).toSorted());
});

test('explain names the GETs of every resource', () => {
  const text = `query ($badges: [ID!]!, $field: AccountField!) {
    badges(communityId: "c", badgeIds: $badges) { label owner { name isWithheld(field: $field) } }
    profile(profileId: "p") { answer69 answer1 }
    account(userId: "7") { next { points } } }`;
  const context = createSchema(sdl, entities);
  const { operations } = explainDocument('a file', text, context, readConfig({}).limits);
  expect(operations[0]?.variants[0]?.calls).toMatchObject([
    { resource: 'badge', request: 'GET /apis/v1/communities/c/badges/$badges?name&weight&ownerId' },
    { resource: 'profile', request: 'GET /apis/v1/profiles/p?answer1&answer69' },
    { resource: 'account', request: 'GET /apis/v1/users/7?name' },
    { resource: 'account', request: 'GET /apis/v1/users/{ownerId}?name&$field', times: ['$badges'] },
    { resource: 'account', request: 'GET /apis/v1/users/{userId}?points' },
  ]);
});
