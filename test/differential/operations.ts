import fc from 'fast-check';
import {
  type DefinitionNode,
  type DocumentNode,
  type FieldNode,
  type FragmentDefinitionNode,
  Kind,
  parse,
  print,
  visit,
} from 'graphql';
import { selections } from './selections.ts';
import { DECLARATIONS, variableValues } from './variables.ts';

/** An operation and the variables that it is executed with, one time after the other. */
export interface GeneratedOperation {
  readonly query: string;
  readonly executions: readonly Readonly<Record<string, unknown>>[];
  readonly hasToken: boolean;
  /** Whether the newer media type is accepted. */
  readonly newer: boolean;
  /** For what is decided by chance while it is executed. */
  readonly seed: number;
}

const RESPONSE_NAMES = [
  ...[
    '__proto__',
    'constructor',
    'toString',
    'hasOwnProperty',
    'valueOf',
    'then',
    'toJSON',
    'length',
    '__typename',
  ],
  ...[
    '_id',
    'id',
    'email',
    'displayName',
    'userId',
    'community',
    'user',
    'users',
    '_entities',
    'data',
    'errors',
  ],
];

const VARIABLE_NAMES = [
  ...[
    '__proto__',
    'constructor',
    'toString',
    'hasOwnProperty',
    'valueOf',
    'isPrototypeOf',
    'then',
    'length',
    'email',
  ],
  ...['userId', 'representations', 'if'],
];

const [MIN_EXECUTIONS, MAX_EXECUTIONS] = [1, 5];

/**
 * Operations that read users in all the ways that there are: alone, in lists, as entities and of communities, with
 * aliases, fragments in fragments, type conditions, `@skip` and `@include`, and users that come again. All are valid.
 */
export const generatedOperation: fc.Arbitrary<GeneratedOperation> = fc
  .record({
    selected: selections,
    values: fc.array(variableValues, { minLength: 1, maxLength: 3 }),
    times: fc.integer({ min: MIN_EXECUTIONS, max: MAX_EXECUTIONS }),
    responseNames: fc.shuffledSubarray(RESPONSE_NAMES),
    variableNames: fc.shuffledSubarray(VARIABLE_NAMES),
    hasToken: fc.integer({ min: 0, max: 19 }).map((number) => number > 0),
    newer: fc.boolean(),
    seed: fc.nat(),
  })
  .map(({ selected, values, times, responseNames, variableNames, ...rest }) => {
    const used = reachable(parse(selected.join('\n'), { noLocation: true }));
    const { names, definitions } = withVariableNames(withResponseNames(used, responseNames), variableNames);
    const [operation, ...fragments] = definitions.map((definition) => print(definition));
    const declared = Array.from(names, ([variable, name]) => `$${name}: ${DECLARATIONS[variable]}`);
    const head = declared.length === 0 ? 'query Generated' : `query Generated(${declared.join(', ')})`;
    const executions = Array.from({ length: times }, (_, time) => {
      const given = values[time % values.length] ?? {};
      return Object.fromEntries(
        Array.from(names, ([variable, name]) => [name, given[variable]]).filter(
          ([, value]) => value !== undefined,
        ),
      );
    });
    return { query: [`${head} ${operation}`, ...fragments].join('\n'), executions, ...rest };
  });

/** The operation, and the fragments that it reaches: what is not used would not be valid. */
function reachable({ definitions }: DocumentNode): DefinitionNode[] {
  const fragments = new Map<string, FragmentDefinitionNode>();
  for (const definition of definitions) {
    if (definition.kind === Kind.FRAGMENT_DEFINITION) fragments.set(definition.name.value, definition);
  }
  const reached = new Set<DefinitionNode>();
  const reach = (definition: DefinitionNode | undefined) => {
    if (definition === undefined || reached.has(definition)) return;
    reached.add(definition);
    visit(definition, {
      FragmentSpread({ name }) {
        reach(fragments.get(name.value));
      },
    });
  };
  reach(definitions.find(({ kind }) => kind === Kind.OPERATION_DEFINITION));
  return [...reached];
}

/** Fields of different types that may have one response name, since no object has both. */
const SHARED = ['second_Community: id', 'second_CommunityUser: userId'];

/**
 * Gives every field its response name. Each name belongs to one field with its type and arguments, so that what is
 * selected under one name can always be merged.
 */
function withResponseNames(
  definitions: readonly DefinitionNode[],
  pool: readonly string[],
): DefinitionNode[] {
  const names = new Map<string, string>();
  const taken = new Set<string>();
  const free = pool.values();
  const nameOf = (node: FieldNode, wish: string): string => {
    const wished = wish.startsWith('plain') ? node.name.value : (free.next().value ?? `x${names.size}`);
    return taken.has(wished) ? `x${names.size}` : wished;
  };
  const rename = (node: FieldNode): FieldNode => {
    const { alias, name, arguments: given = [] } = node;
    if (alias === undefined) return node;
    const field = SHARED.includes(`${alias.value}: ${name.value}`)
      ? 'shared'
      : `${alias.value} ${name.value} ${given.map((argument) => print(argument)).join()}`;
    const known = names.get(field);
    const responseName = known ?? nameOf(node, alias.value);
    names.set(field, responseName);
    taken.add(responseName);
    const { alias: _, ...unnamed } = node;
    return responseName === name.value ? unnamed : { ...node, alias: { ...alias, value: responseName } };
  };
  return definitions.map((definition) => visit(definition, { Field: { leave: rename } }));
}

/** Gives variables other names, first those of the pool. */
function withVariableNames(definitions: readonly DefinitionNode[], pool: readonly string[]) {
  const names = new Map<string, string>();
  const free = pool.values();
  const renamed = definitions.map((definition) =>
    visit(definition, {
      Variable(node) {
        const { value } = node.name;
        const name = names.get(value) ?? free.next().value ?? value;
        names.set(value, name);
        return { ...node, name: { ...node.name, value: name } };
      },
    }),
  );
  return { names, definitions: renamed };
}
