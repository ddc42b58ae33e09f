import { type FieldNode, GraphQLError, type GraphQLResolveInfo, Kind, type SelectionSetNode } from 'graphql';

/** What of a resolver's `info` says how many users stand below it. */
type ListInfo = Pick<GraphQLResolveInfo, 'fieldNodes' | 'fragments'>;

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
function usersBelow({ fieldNodes, fragments }: ListInfo): number {
  let count = known.get(fieldNodes);
  if (count !== undefined) return count;

  const countIn = (set: SelectionSetNode): number => {
    let users = 0;
    for (const selection of set.selections) {
      if (selection.kind === Kind.FIELD && USER_FIELDS.has(selection.name.value)) users++;
      const below =
        selection.kind === Kind.FRAGMENT_SPREAD
          ? fragments[selection.name.value]?.selectionSet
          : selection.selectionSet;
      if (below !== undefined) users += countIn(below);
    }
    return users;
  };
  count = 0;
  for (const { selectionSet } of fieldNodes) if (selectionSet !== undefined) count += countIn(selectionSet);
  known.set(fieldNodes, count);
  return count;
}
