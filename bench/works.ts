import { userIdOf } from './users.ts';

/** One aliased `communityUser` of an operation: which variable holds its user, and what it selects. */
export interface Alias {
  readonly name: string;
  readonly variable: string;
  readonly fields: readonly string[];
}

/** One operation that the benchmark sends: constant text, the ids in variables that differ from request to request. */
export interface Work {
  readonly name: string;
  readonly title: string;
  readonly operationName: string;
  readonly query: string;
  readonly aliases: readonly Alias[];
  /** Requests a second at which all candidates are compared; far from what the floor can take, and near for the slowest. */
  readonly openLoopRate?: number;
  /** The variables of the nth request. */
  variables(n: number): Record<string, unknown>;
}

export const communityId = '61100af5c548eb5c7ebc0001';

const card = ['displayName', 'username', 'avatar', 'isOnline'];
const cards: readonly (readonly string[])[] = [
  card,
  ['_id', 'displayName', 'firstName', 'lastName'],
  ['username', 'email', 'isOnline'],
  ['avatar', 'firstName', 'email'],
];
const allFields = [
  ...['_id', 'id', 'avatar', 'displayName', 'username'],
  ...['firstName', 'lastName', 'email', 'isOnline', 'lastLogin'],
];

/** The three works of the table, by name. */
export const works: readonly Work[] = [
  { ...aliasedWork('W1', 'profile: one user, 4 fields', 'Profile', 1, 1, () => card), openLoopRate: 1500 },
  aliasedWork('W2', 'list: 20 aliases, 20 users, 4 fields each', 'List', 20, 20, () => card),
  aliasedWork('W3', 'repeats: 20 aliases, 4 users, 4 selections', 'Repeats', 20, 4, repeatedSelection),
];

/** The same works, but with all ten fields in each selection: what exact flags save is measured against them. */
export const worksWithAllFields: readonly Work[] = [
  aliasedWork('W1', 'profile, all ten fields', 'ProfileAll', 1, 1, () => allFields),
  aliasedWork('W2', 'list, all ten fields', 'ListAll', 20, 20, () => allFields),
  aliasedWork('W3', 'repeats, all ten fields', 'RepeatsAll', 20, 4, () => allFields),
];

/** W1 with one field, two … all ten. */
export const fieldWorks: readonly Work[] = allFields.map((_, i) =>
  aliasedWork(`${i + 1} fields`, `one user, ${i + 1} fields`, `Fields${i + 1}`, 1, 1, () =>
    allFields.slice(0, i + 1),
  ),
);

/** W1 as a document that was never sent before. */
export function documentWork(number: number): Work {
  return aliasedWork('document', 'a document of its own', `Document${number}`, 1, 1, () => card);
}

export const listOperationName = 'Users';
/** What `communityUsers` selects in `listWork`. */
export const listFields: readonly string[] = card;

/** `communityUsers` with `size` ids in one variable. */
export function listWork(size: number): Work {
  return {
    name: `list of ${size}`,
    title: `communityUsers with ${size} ids`,
    operationName: listOperationName,
    query: `query ${listOperationName}($c: ID!, $ids: [ID!]!) { communityUsers(communityId: $c, userIds: $ids) { ${listFields.join(' ')} } }`,
    aliases: [],
    variables: (n) => ({
      c: communityId,
      ids: Array.from({ length: size }, (_, i) => userIdOf(n * size + i)),
    }),
  };
}

/** The nth request's body, as JSON. */
export function bodyOf(work: Work, n: number): string {
  return JSON.stringify({
    operationName: work.operationName,
    query: work.query,
    variables: work.variables(n),
  });
}

function aliasedWork(
  name: string,
  title: string,
  operationName: string,
  count: number,
  users: number,
  fieldsOf: (alias: number) => readonly string[],
): Work {
  const aliases = Array.from({ length: count }, (_, i) => ({
    name: `a${i}`,
    variable: `u${i}`,
    fields: fieldsOf(i),
  }));
  const declared = aliases.map((alias) => `$${alias.variable}: ID!`).join(', ');
  const selected = aliases.map(
    (alias) =>
      `  ${alias.name}: communityUser(communityId: $c, userId: $${alias.variable}) { ${alias.fields.join(' ')} }`,
  );
  return {
    name,
    title,
    operationName,
    query: `query ${operationName}($c: ID!, ${declared}) {\n${selected.join('\n')}\n}`,
    aliases,
    variables: (n) => ({
      c: communityId,
      ...Object.fromEntries(aliases.map((alias, i) => [alias.variable, userIdOf(n * users + (i % users))])),
    }),
  };
}

// Alias i reads user i % 4, so the selection changes every four aliases: each user gets all four of them.
function repeatedSelection(alias: number): readonly string[] {
  return cards[Math.floor(alias / 4) % cards.length] ?? card;
}
