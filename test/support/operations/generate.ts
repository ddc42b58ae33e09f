import fc from 'fast-check';
import {
  type Argument,
  community,
  declarations,
  directives,
  leaf,
  type Piece,
  representations,
  user,
  users,
  variables,
  weighted,
} from './pieces.ts';
import { type GeneratedOperation, toOperation } from './to-operation.ts';

type TypeName = 'Query' | '_Entity' | 'CommunityUser' | 'Community';

/**
 * Named fragments and the types that they are on, in an order: a fragment spreads only ones that come after it, so that
 * there is no circle.
 */
const FRAGMENTS: readonly (readonly [name: string, type: TypeName])[] = [
  ['Q0', 'Query'],
  ['Q1', 'Query'],
  ['E0', '_Entity'],
  ['U0', 'CommunityUser'],
  ['C0', 'Community'],
  ['U1', 'CommunityUser'],
  ['C1', 'Community'],
  ['U2', 'CommunityUser'],
  ['U3', 'CommunityUser'],
];

/** How deep selection sets go before nothing nests any more; fragments may add as much. */
const DEEPEST = 2;

/** Where a selection stands: how deep, and in which fragment (-1: in the operation itself). */
interface Place {
  readonly depth: number;
  readonly fragment: number;
}

function selectionSet(type: TypeName, place: Place): Piece {
  return fc
    .array(selection(type, place), { minLength: 1, maxLength: place.depth === 0 ? 4 : 3 })
    .map((all) => `{ ${all.join(' ')} }`);
}

function selection(type: TypeName, place: Place): Piece {
  const deeper = { ...place, depth: place.depth + 1 };
  const choices: [number, Piece][] = [];
  const spreadable = FRAGMENTS.filter(([, on], at) => on === type && at > place.fragment);
  if (spreadable.length > 0) choices.push([2, spread(spreadable.map(([name]) => name))]);
  if (place.depth <= DEEPEST) choices.push([2, inlineFragment(type, deeper)]);
  switch (type) {
    case 'Query':
      choices.push([6, rootField(place)], [1, fc.constant('__typename')]);
      break;
    case '_Entity':
      choices.push([1, fc.constant('__typename')]);
      choices.push([3, selectionSet('CommunityUser', deeper).map((set) => `... on CommunityUser ${set}`)]);
      choices.push([2, selectionSet('Community', deeper).map((set) => `... on Community ${set}`)]);
      break;
    case 'Community':
      // Under its own name `id` would not merge with that of a user, which can be null.
      choices.push([1, fc.constantFrom('key: id', 'other: id', '__typename')]);
      if (place.depth <= DEEPEST) choices.push([4, usersOfCommunity(deeper)]);
      break;
    case 'CommunityUser':
      choices.push([7, leaf]);
      if (place.depth < DEEPEST) choices.push([3, field('community', selectionSet('Community', deeper))]);
  }
  return weighted(...choices);
}

function spread(names: readonly string[]): Piece {
  return fc.tuple(fc.constantFrom(...names), directives).map(([name, when]) => `...${name}${when}`);
}

function inlineFragment(type: TypeName, place: Place): Piece {
  const conditions: (TypeName | undefined)[] = [undefined, type];
  if (type === 'CommunityUser') conditions.push('_Entity');
  return fc
    .constantFrom(...conditions)
    .chain((on) => field(on === undefined ? '...' : `... on ${on}`, selectionSet(on ?? type, place)));
}

function rootField({ fragment }: Place): Piece {
  const inside = { depth: 0, fragment };
  const ofUser = selectionSet('CommunityUser', inside);
  return weighted(
    [4, aliased('communityUser', { communityId: community, userId: user }, ofUser)],
    [3, aliased('communityUsers', { communityId: community, userIds: users }, ofUser)],
    [2, aliased('_entities', { representations }, selectionSet('_Entity', inside))],
  );
}

function usersOfCommunity(place: Place): Piece {
  const ofUser = selectionSet('CommunityUser', place);
  return fc.oneof(aliased('user', { userId: user }, ofUser), aliased('users', { userIds: users }, ofUser));
}

/** A field with arguments. Its alias tells them, so that one alias never stands for different ones. */
function aliased(name: string, given: Readonly<Record<string, fc.Arbitrary<Argument>>>, set: Piece): Piece {
  return fc.record(given).chain((values) => {
    const all = Object.entries(values);
    const alias = `${name.replace('_', '')}${all.map(([, value]) => value.name).join('')}`;
    return field(`${alias}: ${name}(${all.map(([key, { text }]) => `${key}: ${text}`).join(', ')})`, set);
  });
}

function field(head: string, set: Piece): Piece {
  return fc.tuple(directives, set).map(([when, selected]) => `${head}${when} ${selected}`);
}

const fragments = fc.tuple(
  ...FRAGMENTS.map(([name, type], at) =>
    selectionSet(type, { depth: 1, fragment: at }).map((set) => `fragment ${name} on ${type} ${set}`),
  ),
);

/**
 * Operations that read users in all the ways that there are: alone, in lists, as entities and of communities, with
 * aliases, fragments in fragments, type conditions, `@skip` and `@include`, and users that come again. All are valid.
 */
export const generatedOperation: fc.Arbitrary<GeneratedOperation> = fc
  .tuple(selectionSet('Query', { depth: 0, fragment: -1 }), fragments, variables)
  .map(([selections, all, values]) => toOperation(selections, all, declarations, values));
