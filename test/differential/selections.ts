import fc from 'fast-check';
import {
  communityId,
  type Piece,
  representations,
  userId,
  userIds,
  weighted,
  withheldField,
} from './arguments.ts';
import { FLAGS } from './world.ts';

type TypeName = 'Query' | '_Entity' | 'CommunityUser' | 'Community' | '__Type';

/**
 * Named fragments and the types that they are on, in an order: a fragment spreads only ones that come after it, so that
 * there is no circle.
 */
const FRAGMENTS: readonly (readonly [name: string, type: TypeName])[] = [
  ['toString', 'Query'],
  ['Q1', 'Query'],
  ['__proto__', '_Entity'],
  ['constructor', 'CommunityUser'],
  ['C0', 'Community'],
  ['E1', '_Entity'],
  ['U1', 'CommunityUser'],
  ['C1', 'Community'],
  ['U2', 'CommunityUser'],
  ['U3', 'CommunityUser'],
];

/** The types whose fragments may be spread in a selection of a type: those that have an object in common with it. */
const OVERLAPPING: Readonly<Record<TypeName, readonly TypeName[]>> = {
  Query: ['Query'],
  _Entity: ['_Entity', 'CommunityUser', 'Community'],
  CommunityUser: ['CommunityUser', '_Entity'],
  Community: ['Community', '_Entity'],
  __Type: ['__Type'],
};

/** How deep selection sets go before nothing nests any more; fragments may add as much. */
const MAX_DEPTH = 3;

/** Where a selection stands: how deep, and in which fragment (-1: in the operation itself). */
interface Place {
  readonly depth: number;
  readonly fragment: number;
}

function selectionSet(type: TypeName, place: Place): Piece {
  const maxLength = place.depth === 0 ? 4 : 3;
  return fc
    .array(selection(type, place), { minLength: 1, maxLength })
    .map((selections) => `{ ${selections.join(' ')} }`);
}

function selection(type: TypeName, place: Place): Piece {
  const deeper = { ...place, depth: place.depth + 1 };
  const nests = place.depth < MAX_DEPTH;
  const choices: [number, Piece][] = [[1, leaf('__typename', 'any')]];
  const spreadable = FRAGMENTS.filter(([, on], at) => OVERLAPPING[type].includes(on) && at > place.fragment);
  if (spreadable.length > 0) choices.push([2, spread(spreadable.map(([name]) => name))]);
  if (nests) choices.push([type === '_Entity' ? 8 : 2, inlineFragment(type, deeper)]);
  switch (type) {
    case 'Query':
      choices.push([10, ofQuery(place)]);
      break;
    case 'Community':
      choices.push([2, leaf('id', type)]);
      if (nests) choices.push([5, ofCommunity(deeper)]);
      break;
    case 'CommunityUser':
      choices.push([6, fc.constantFrom(...FLAGS, 'communityId', 'userId').chain((name) => leaf(name, type))]);
      choices.push([2, withArguments('isWithheld', type, { field: withheldField })]);
      if (nests) choices.push([2, withArguments('community', type, {}, selectionSet('Community', deeper))]);
      break;
    case '__Type':
      choices.push([3, fc.constantFrom('name', 'kind').chain((name) => leaf(name, type))]);
      if (nests) choices.push([2, ofSchemaType(deeper)]);
  }
  return weighted(...choices);
}

function ofQuery({ fragment }: Place): Piece {
  const inside = { depth: 1, fragment };
  const user = selectionSet('CommunityUser', inside);
  const entities = selectionSet('_Entity', inside);
  const schemaType = selectionSet('__Type', { ...inside, depth: MAX_DEPTH - 1 });
  return weighted(
    [8, withArguments('communityUser', 'Query', { communityId, userId }, user)],
    [6, withArguments('communityUsers', 'Query', { communityId, userIds }, user)],
    [6, withArguments('_entities', 'Query', { representations }, entities)],
    [
      1,
      withArguments(
        '_service',
        'Query',
        {},
        leaf('sdl', '_Service').map((field) => `{ ${field} }`),
      ),
    ],
    [
      1,
      withArguments('__type', 'Query', { name: fc.constantFrom('"Community"', '"None"', '$t0') }, schemaType),
    ],
    [
      1,
      withArguments(
        '__schema',
        'Query',
        {},
        schemaType.map((set) => `{ queryType ${set} mutationType ${set} }`),
      ),
    ],
  );
}

function ofCommunity(place: Place): Piece {
  const user = selectionSet('CommunityUser', place);
  return fc.oneof(
    withArguments('user', 'Community', { userId }, user),
    withArguments('users', 'Community', { userIds }, user),
  );
}

function ofSchemaType(place: Place): Piece {
  const type = selectionSet('__Type', place);
  const includeDeprecated = fc.constantFrom('true', '$b0', '$b1', '$b3');
  const field = fc.tuple(leaf('name', '__Field'), type).map(([name, of]) => `{ ${name} type ${of} }`);
  return fc.oneof(
    withArguments('ofType', '__Type', {}, type),
    withArguments('fields', '__Type', { includeDeprecated }, field),
  );
}

function spread(names: readonly string[]): Piece {
  return fc.tuple(fc.constantFrom(...names), directives).map(([name, when]) => `...${name}${when}`);
}

function inlineFragment(type: TypeName, place: Place): Piece {
  const [, ...others] = OVERLAPPING[type];
  return fc.constantFrom<(TypeName | undefined)[]>(undefined, type, ...others, ...others).chain((on) => {
    const head = on === undefined ? '...' : `... on ${on}`;
    return fc
      .tuple(directives, selectionSet(on ?? type, place))
      .map(([when, set]) => `${head}${when} ${set}`);
  });
}

/**
 * A field, with an alias that stands for a response name which `named` chooses later: it tells the type, and whether the
 * field shall have a real alias.
 */
function leaf(name: string, type: string): Piece {
  return withArguments(name, type, {}, fc.constant(''));
}

function withArguments(
  name: string,
  type: string,
  given: Readonly<Record<string, Piece>>,
  set: Piece = fc.constant(''),
): Piece {
  const alias = fc.constantFrom('plain', 'plain', 'plain', 'first', 'second');
  return fc.tuple(alias, fc.record(given), directives, set).map(([kind, values, when, selected]) => {
    const all = Object.entries(values).map(([argument, text]) => `${argument}: ${text}`);
    const argumentList = all.length === 0 ? '' : `(${all.join(', ')})`;
    return `${kind}_${type}: ${name}${argumentList}${when} ${selected}`;
  });
}

const condition = weighted(
  [2, fc.constantFrom('true', 'false')],
  [5, fc.constantFrom('$b0', '$b1', '$b2', '$b3')],
);
const skip = condition.map((value) => ` @skip(if: ${value})`);
const include = condition.map((value) => ` @include(if: ${value})`);

/** None, one or both of `@skip` and `@include`. */
const directives: Piece = weighted(
  [30, fc.constant('')],
  [2, skip],
  [2, include],
  [1, fc.tuple(skip, include).map((both) => both.join(''))],
  [1, fc.tuple(include, skip).map((both) => both.join(''))],
);

/** What an operation selects, and all fragments that it may spread. */
export const selections = fc.tuple(
  selectionSet('Query', { depth: 0, fragment: -1 }),
  ...FRAGMENTS.map(([name, type], at) =>
    selectionSet(type, { depth: 2, fragment: at }).map((set) => `fragment ${name} on ${type} ${set}`),
  ),
);
