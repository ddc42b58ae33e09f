import { type FieldNode, GraphQLError, type GraphQLResolveInfo, Kind, type SelectionSetNode } from 'graphql';
import { isExcluded } from './selection/conditions.ts';

/** What of a resolver's `info` says how many users stand below it. */
type ListInfo = Pick<GraphQLResolveInfo, 'fieldNodes' | 'fragments' | 'variableValues'>;

/** Enough for any client, and little enough to be answered in some milliseconds. */
const FEWEST_PLACES = 1000;

/**
 * Counts the places of one answer in which users are to stand. The number of distinct users bounds what the REST API is
 * asked for, but not how often each of them comes in the answer: lists in lists of a hundred users, four deep, make
 * a hundred million.
 */
export class UserPlaces {
  readonly #most: number;
  #taken = 0;

  constructor(maxUsers: number) {
    this.#most = Math.max(FEWEST_PLACES, 10 * maxUsers);
  }

  /**
   * Takes the places of a list, and those of single users that are selected below it.
   * @throws GraphQLError where they are more than are left
   */
  take(length: number, info: ListInfo): void {
    this.#taken += length * (1 + usersBelow(info));
    if (this.#taken <= this.#most) return;
    const message = `One operation may read users into at most ${this.#most} places; this list is past the limit.`;
    throw new GraphQLError(message, { extensions: { code: 'TOO_MANY_USERS' } });
  }
}

const USER_FIELDS: ReadonlySet<string> = new Set(['user', 'users']);

/** Executors give every list of a compiled document the same array of nodes. */
const known = new WeakMap<readonly FieldNode[], number>();

/** How many fields below a list read users of their own. Limits on documents keep the walk short. */
function usersBelow(info: ListInfo): number {
  let count = known.get(info.fieldNodes);
  if (count === undefined) {
    count = countUsersBelow(info.fieldNodes, info);
    known.set(info.fieldNodes, count);
  }
  return count;
}

/** Fields of one response name are one field, and what is skipped is none, as when they are executed. */
function countUsersBelow(nodes: readonly FieldNode[], info: ListInfo): number {
  const fields = new Map<string, FieldNode[]>();
  const visited = new Set<string>();
  const collect = ({ selections }: SelectionSetNode) => {
    for (const selection of selections) {
      if (isExcluded(selection, (variable) => info.variableValues[variable])) continue;
      if (selection.kind === Kind.FIELD) {
        const field = `${selection.alias?.value} ${selection.name.value}`;
        const merged = fields.get(field);
        if (merged === undefined) fields.set(field, [selection]);
        else merged.push(selection);
      } else if (selection.kind === Kind.INLINE_FRAGMENT) {
        collect(selection.selectionSet);
      } else if (!visited.has(selection.name.value)) {
        visited.add(selection.name.value);
        const fragment = info.fragments[selection.name.value];
        if (fragment !== undefined) collect(fragment.selectionSet);
      }
    }
  };
  for (const { selectionSet } of nodes) if (selectionSet !== undefined) collect(selectionSet);
  let users = 0;
  for (const merged of fields.values()) {
    if (USER_FIELDS.has(merged[0]?.name.value ?? '')) users++;
    users += countUsersBelow(merged, info);
  }
  return users;
}
