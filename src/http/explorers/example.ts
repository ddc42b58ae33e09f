import type { ReportKind } from '#telemetry/telemetry.ts';

/** What a newcomer tries first, in the banner and in the explorers. It works as it is against the embedded REST API. */
export const example = {
  query: `query Profile($communityId: ID!, $userId: ID!) {
  communityUser(communityId: $communityId, userId: $userId) {
    displayName
    email
    emailHidden: isWithheld(field: email)
    isOnline
    lastLogin
  }
}
`,
  variables: { communityId: '61100af5c548eb5c7ebc0001', userId: '61100af5c548eb5c7ebc7819' },
  /** A token of the embedded REST API. */
  token: 'demo-owner',
};

/** Tokens of the embedded REST API, and whose they are. */
export const demoCallers = [
  { token: 'demo-owner', who: 'owns the community: sees everything' },
  { token: 'demo-admin', who: 'administers the community: sees everything' },
  { token: 'demo-member', who: 'a plain member: email and lastLogin of others are withheld' },
  { token: 'demo-outsider', who: 'a valid token, but a member of no community: 401' },
  { token: 'demo-expired', who: 'a token that has expired: 401' },
];

/** Users of the embedded REST API in the example's community, and what asking for them shows. */
export const demoUsers = [
  { id: example.variables.userId, what: 'the documented example' },
  { id: '61100af5c548eb5c7ebcf001', what: 'takes 2 s' },
  { id: '61100af5c548eb5c7ebcf002', what: 'does not exist: null, without an error' },
  { id: '61100af5c548eb5c7ebcf003', what: 'the API answers 500: UPSTREAM_UNAVAILABLE' },
  { id: '61100af5c548eb5c7ebcf004', what: '503 for a while: answered at the third attempt' },
  { id: '61100af5c548eb5c7ebcf005', what: 'the API answers 403: FORBIDDEN' },
  { id: '61100af5c548eb5c7ebcf006', what: '429 with Retry-After: 2: RATE_LIMITED' },
  { id: '61100af5c548eb5c7ebcf007', what: 'a broken answer: UPSTREAM_BAD_RESPONSE' },
];

/** An operation that an explorer has filled in. */
export interface ExplorerTab {
  readonly query: string;
  readonly variables: Readonly<Record<string, unknown>>;
}

/** What explorers have filled in; without a token of the embedded REST API, with placeholders in place of demo data. */
export function explorerTabs(token: string | undefined): readonly [ExplorerTab, ...ExplorerTab[]] {
  if (token === undefined) {
    const variables = { communityId: 'YOUR-COMMUNITY-ID', userId: 'YOUR-USER-ID' };
    return [{ query: example.query, variables }];
  }
  const { communityId } = example.variables;
  return [
    { query: example.query + USER_COMMENTS, variables: example.variables },
    { query: DEMO_USERS_QUERY, variables: { communityId, userIds: demoUsers.map(({ id }) => id) } },
  ];
}

const USER_COMMENTS = `
# Users to ask for, beside a few hundred that have nothing special:
${demoUsers.map(({ id, what }) => `#   ${id}  ${what}\n`).join('')}`;

const DEMO_USERS_QUERY = `# One REST call for each of the demo users, all at once; see them below the answer.
query DemoUsers($communityId: ID!, $userIds: [ID!]!) {
  communityUsers(communityId: $communityId, userIds: $userIds) {
    userId
    displayName
    email
    emailHidden: isWithheld(field: email)
  }
}
`;

/** The headers of the example: a token, or a placeholder where none is given, and which upstream report is wanted. */
export function exampleHeaders(token = 'YOUR-TOKEN', report: ReportKind = '1'): Record<string, string> {
  return { authorization: `Bearer ${token}`, 'x-upstream-report': report };
}

/** A command to paste into a shell that sends the example; `url` is that of the GraphQL endpoint. */
export function exampleCurl(url: string, token: string | undefined, separator = ' \\\n  '): string {
  const [{ variables }] = explorerTabs(token);
  const query = example.query.replaceAll(/\s+/g, ' ').trim();
  const headers = { 'content-type': 'application/json', ...exampleHeaders(token) };
  return [
    `curl -s ${url}`,
    ...Object.entries(headers).map(([name, value]) => `-H '${name}: ${value}'`),
    `-d '${JSON.stringify({ query, variables })}'`,
  ].join(separator);
}
