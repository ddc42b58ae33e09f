import { type FieldNode, type GraphQLField, getArgumentValues, Kind, type ValueNode, visit } from 'graphql';

/** Values by name: coerced variables, or arguments. */
export type Values = Readonly<Record<string, unknown>>;

/**
 * Reads the arguments of a field. graphql-js works them out; but those that are plain variables or constants, as nearly
 * all are, without looking at the document again.
 */
export class FieldArguments {
  readonly #field: GraphQLField<unknown, unknown>;
  readonly #node: FieldNode;
  /** For each argument that is a variable, both names. Undefined where variables stand inside of lists or objects. */
  readonly #variables: readonly (readonly [argument: string, variable: string])[] | undefined;
  /** All other arguments, where they are the same whatever the variables. */
  readonly #constants: Values | undefined;

  constructor(field: GraphQLField<unknown, unknown>, node: FieldNode) {
    this.#field = field;
    this.#node = node;
    const given = node.arguments ?? [];
    const variables = given.flatMap(({ name, value }) =>
      value.kind === Kind.VARIABLE ? [[name.value, value.name.value] as const] : [],
    );
    if (given.some(({ value }) => value.kind !== Kind.VARIABLE && hasVariables(value))) return;
    this.#variables = variables;
    this.#constants = this.#constantsBeside(variables);
  }

  /** Whether they are the same whatever the variables. */
  get areConstant(): boolean {
    return this.#constants !== undefined && this.#variables?.length === 0;
  }

  /**
   * The arguments' values (GraphQL specification §6.4.1).
   * @throws GraphQLError where one is missing or null and must not be
   */
  read(variables: Values): Values {
    if (this.#variables === undefined || this.#constants === undefined) return this.#readAll(variables);
    if (this.#variables.length === 0) return this.#constants;
    const values: Record<string, unknown> = { ...this.#constants };
    for (const [argument, variable] of this.#variables) {
      const value = variables[variable];
      if (value === undefined || value === null) return this.#readAll(variables);
      values[argument] = value;
    }
    return values;
  }

  /** What an argument is, as it stands in the document: a variable's name with its dollar sign, or a value. */
  describe(argument: string): string {
    const value = this.#node.arguments?.find(({ name }) => name.value === argument)?.value;
    if (value?.kind === Kind.VARIABLE) return `$${value.name.value}`;
    return value !== undefined && 'value' in value ? String(value.value) : `{${argument}}`;
  }

  #readAll(variables: Values): Values {
    return getArgumentValues(this.#field, this.#node, variables);
  }

  #constantsBeside(
    variables: readonly (readonly [argument: string, variable: string])[],
  ): Values | undefined {
    const names = new Set(variables.map(([argument]) => argument));
    const field = { ...this.#field, args: this.#field.args.filter(({ name }) => !names.has(name)) };
    try {
      return getArgumentValues(field, this.#node);
    } catch {
      return undefined;
    }
  }
}

function hasVariables(value: ValueNode): boolean {
  let found = false;
  visit(value, {
    Variable() {
      found = true;
    },
  });
  return found;
}
