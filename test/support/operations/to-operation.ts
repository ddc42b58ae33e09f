import {
  type DefinitionNode,
  type DocumentNode,
  type FragmentDefinitionNode,
  Kind,
  parse,
  print,
  visit,
} from 'graphql';

export interface GeneratedOperation {
  readonly query: string;
  readonly variables: Record<string, unknown>;
}

/**
 * Makes an operation of its selections, of those fragments that they reach, and of those variables that they use: what
 * is declared and not used would not be valid.
 */
export function toOperation(
  selections: string,
  fragments: readonly string[],
  declarations: Readonly<Record<string, string>>,
  values: Readonly<Record<string, unknown>>,
): GeneratedOperation {
  const parsed = parse([selections, ...fragments].join('\n'), { noLocation: true });
  const definitions = reachable(parsed);
  const names = Object.keys(declarations).filter((name) => variablesOf(definitions).has(name));
  const declared = names.map((name) => `$${name}: ${declarations[name]}`).join(', ');
  const [operation = '', ...rest] = definitions.map((definition) => print(definition));
  const query = [`query Generated${declared && `(${declared})`} ${operation}`, ...rest].join('\n');
  const given = names.filter((name) => values[name] !== undefined).map((name) => [name, values[name]]);
  return { query, variables: Object.fromEntries(given) };
}

/** The operation, and the fragments that it reaches. */
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

function variablesOf(definitions: readonly DefinitionNode[]): ReadonlySet<string> {
  const names = new Set<string>();
  for (const definition of definitions) {
    visit(definition, {
      Variable({ name }) {
        names.add(name.value);
      },
    });
  }
  return names;
}
