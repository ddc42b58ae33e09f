import {
  type FieldNode,
  type GraphQLArgument,
  type GraphQLField,
  getArgumentValues,
  Kind,
  type ValueNode,
} from 'graphql';
import type { Values } from '../entities/define-entity.ts';

/** An argument, as far as it can be told without variables. */
export interface Argument {
  readonly name: string;
  /** Name of the variable that it is. */
  readonly variable: string | undefined;
  /** What it is whatever the variables; undefined where it depends on them, or is an error. */
  readonly constant: unknown;
}

/** Reads the arguments of a field. graphql-js works them out; plain variables and constants can be told beforehand. */
export class FieldArguments {
  readonly #field: GraphQLField<unknown, unknown>;
  readonly #node: FieldNode;
  /** Undefined where they depend on variables, or are an error. */
  readonly #constants: Values | undefined;
  /** Why they can't be read, by the variables: a list of objects has the same error at each place. */
  #failures: WeakMap<Values, unknown> | undefined;

  constructor(field: GraphQLField<unknown, unknown>, node: FieldNode) {
    this.#field = field;
    this.#node = node;
    const isConstant = !node.arguments?.some(({ value }) => hasVariables(value));
    this.#constants = isConstant ? this.#withoutVariables(field.args) : undefined;
  }

  /** Whether they are the same whatever the variables. */
  get areConstant(): boolean {
    return this.#constants !== undefined;
  }

  /**
   * The arguments' values (GraphQL specification §6.4.1).
   * @throws GraphQLError where one is missing or null and must not be
   */
  read(variables: Values): Values {
    if (this.#constants !== undefined) return this.#constants;
    if (this.#failures?.has(variables)) throw this.#failures.get(variables);
    try {
      return getArgumentValues(this.#field, this.#node, variables);
    } catch (error) {
      this.#failures ??= new WeakMap();
      this.#failures.set(variables, error);
      throw error;
    }
  }

  /**
   * The value of one argument, where all of them are good; a plain variable, or a constant, at next to no cost.
   * @throws GraphQLError where it is null, and one is missing or null that must not be
   */
  value({ name, variable, constant }: Argument, variables: Values): unknown {
    const value = variable === undefined ? constant : variables[variable];
    return value ?? this.read(variables)[name];
  }

  /**
   * The items of an argument that is a list.
   * @throws GraphQLError where an argument, whichever, is missing or null and must not be
   */
  items(argument: string, variables: Values): readonly unknown[] {
    const items = this.read(variables)[argument];
    return Array.isArray(items) ? items : [];
  }

  argument(name: string): Argument {
    const node = this.#valueNode(name);
    if (node === undefined || !hasVariables(node)) {
      const constants = this.#withoutVariables(this.#field.args.filter((argument) => argument.name === name));
      return { name, variable: undefined, constant: constants?.[name] };
    }
    // Coerced variables are an ordinary object, in which `$toString` is there though nobody gave it.
    const isPlain = node.kind === Kind.VARIABLE && !(node.name.value in Object.prototype);
    return { name, variable: isPlain ? node.name.value : undefined, constant: undefined };
  }

  /** What an argument is, as it stands in the document: a variable's name with its dollar sign, or a value. */
  describe(argument: string): string {
    return textOf(this.#valueNode(argument)) ?? `{${argument}}`;
  }

  /** The same for the items of a list that stands in the document itself; undefined where a variable is all of it. */
  describeItems(argument: string): readonly string[] | undefined {
    const node = this.#valueNode(argument);
    if (node === undefined || node.kind === Kind.VARIABLE) return undefined;
    const items = node.kind === Kind.LIST ? node.values : [node];
    return items.map((item) => textOf(item) ?? `{${argument}}`);
  }

  #valueNode(argument: string): ValueNode | undefined {
    return this.#node.arguments?.find(({ name }) => name.value === argument)?.value;
  }

  #withoutVariables(args: readonly GraphQLArgument[]): Values | undefined {
    try {
      return getArgumentValues({ ...this.#field, args }, this.#node);
    } catch {
      return undefined;
    }
  }
}

function textOf(node: ValueNode | undefined): string | undefined {
  if (node?.kind === Kind.VARIABLE) return `$${node.name.value}`;
  return node !== undefined && 'value' in node ? String(node.value) : undefined;
}

function hasVariables(node: ValueNode): boolean {
  switch (node.kind) {
    case Kind.VARIABLE:
      return true;
    case Kind.LIST:
      return node.values.some(hasVariables);
    case Kind.OBJECT:
      return node.fields.some(({ value }) => hasVariables(value));
    default:
      return false;
  }
}
