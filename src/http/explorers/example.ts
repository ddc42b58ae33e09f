/** What a newcomer tries first, in the banner and in the explorers. It works as it is against the embedded REST API. */
export const example = {
  query: `query Profile($communityId: ID!, $userId: ID!) {
  communityUser(communityId: $communityId, userId: $userId) {
    displayName
    email
    isOnline
    lastLogin
    withheldFields
  }
}
`,
  variables: { communityId: '61100af5c548eb5c7ebc0001', userId: '61100af5c548eb5c7ebc7819' },
  /** A token of the embedded REST API. */
  token: 'demo-owner',
};

/** The headers of the example: a token, or a placeholder where none is given, and the wish for the upstream report. */
export function exampleHeaders(token = 'YOUR-TOKEN'): Record<string, string> {
  return { authorization: `Bearer ${token}`, 'x-upstream-report': '1' };
}
