/** The first community of the embedded REST API, in which the tokens `demo-owner` … have their roles. */
export const communityId = '61100af5c548eb5c7ebc0001';

/** The second one, in which `demo-both` has a role too. */
export const otherCommunityId = '61100af5c548eb5c7ebc0002';

/** The id of a user of the first community: 0 is the documented example, up to 299. */
export function userId(number = 0): string {
  return `61100af5c548eb5c7ebc${(0x7819 + number).toString(16)}`;
}

/** Well-formed, and nobody's. */
export const absentUserId = '61100af5c548eb5c7ebcffff';

/** The GET of a user, as it stands in the request line: `flags` in the order in which they are sent. */
export function getOf(user: string, flags: string, community = communityId): string {
  return `/apis/v1/communities/${community}/users/${user}?${flags}`;
}
