import {
  type DirectiveNode,
  type DocumentNode,
  type FragmentDefinitionNode,
  GraphQLError,
  type GraphQLSchema,
  getVariableValues,
  Kind,
  type OperationDefinitionNode,
  visit,
} from 'graphql';
import type { Values } from '../entities/define-entity.ts';
import { compilePlan, type PlanContext } from '../plan/compile.ts';
import type { Plan } from '../plan/plan.ts';

/** graphql-js stops here: each further variable, or item of a list, that is wrong is not described. */
const MAX_VARIABLE_ERRORS = 50;

/** Combinations of conditions whose plans are kept. */
const MAX_PLANS = 16;

/** Variables as the operation sees them, or what is wrong with them. */
export type CoercedVariables = { readonly errors: readonly GraphQLError[] } | { readonly coerced: Values };

/** An operation that validated, with its plans. */
export class PreparedOperation {
  readonly name: string | undefined;
  /** Its variables that `@skip` and `@include` name. */
  readonly conditions: readonly string[];
  readonly #context: PlanContext;
  readonly #operation: OperationDefinitionNode;
  readonly #fragments: Readonly<Record<string, FragmentDefinitionNode>>;
  /** By the values of the conditions. */
  readonly #plans = new Map<string, Plan | GraphQLError>();
  readonly #planned: (fields: number) => void;

  /** `planned` is told of how many fields there are more in the plans that are kept, or fewer. */
  constructor(
    context: PlanContext,
    document: DocumentNode,
    operation: OperationDefinitionNode,
    planned: (fields: number) => void = () => {},
  ) {
    this.#planned = planned;
    this.name = operation.name?.value;
    this.#context = context;
    this.#operation = operation;
    this.#fragments = fragmentsOf(document);
    const named = conditionVariables(document);
    this.conditions = (operation.variableDefinitions ?? [])
      .map(({ variable }) => variable.name.value)
      .filter((name) => named.has(name));
  }

  get schema(): GraphQLSchema {
    return this.#context.schema;
  }

  /** Reads variables as they came (GraphQL specification §6.1.2). `hideSuggestions`: no error says "Did you mean". */
  coerce(variables: Values, hideSuggestions: boolean): CoercedVariables {
    const definitions = this.#operation.variableDefinitions ?? [];
    const { errors, coerced } = getVariableValues(this.#context.schema, definitions, variables, {
      maxErrors: MAX_VARIABLE_ERRORS,
      hideSuggestions,
    });
    return coerced === undefined ? { errors: errors ?? [] } : { coerced };
  }

  /** The plan for these variables, which are coerced; an error where a condition of the operation's own fields is null. */
  plan(variables: Values): Plan | GraphQLError {
    let key = '';
    for (const name of this.conditions) {
      const value = variables[name];
      key += value === true ? 't' : value === false ? 'f' : 'n';
    }
    let plan = this.#plans.get(key);
    if (plan === undefined) {
      plan = compilePlan(
        this.#context,
        { operation: this.#operation, fragments: this.#fragments },
        this.#conditionsOf(variables),
      );
      this.#keep(key, plan);
    }
    return plan;
  }

  #keep(key: string, plan: Plan | GraphQLError): void {
    if (this.#plans.size >= MAX_PLANS) {
      for (const kept of this.#plans.values()) this.#planned(-fieldCount(kept));
      this.#plans.clear();
    }
    this.#plans.set(key, plan);
    this.#planned(fieldCount(plan));
  }

  /** Whether it asks about the schema alone, whatever its variables. */
  get isIntrospection(): boolean {
    return this.#operation.selectionSet.selections.every(
      (selection) => selection.kind === Kind.FIELD && INTROSPECTION.has(selection.name.value),
    );
  }

  #conditionsOf(variables: Values): Values {
    const values: Record<string, unknown> = Object.create(null);
    for (const name of this.conditions) if (name in variables) values[name] = variables[name];
    return values;
  }
}

function fieldCount(plan: Plan | GraphQLError): number {
  return plan instanceof GraphQLError ? 0 : plan.fieldCount;
}

const INTROSPECTION: ReadonlySet<string> = new Set(['__schema', '__type', '__typename']);

function fragmentsOf(document: DocumentNode): Readonly<Record<string, FragmentDefinitionNode>> {
  const fragments: Record<string, FragmentDefinitionNode> = Object.create(null);
  for (const definition of document.definitions) {
    if (definition.kind === Kind.FRAGMENT_DEFINITION) fragments[definition.name.value] = definition;
  }
  return fragments;
}

/** The variables that any `@skip` or `@include` of a document depends on, those of its other operations included. */
function conditionVariables(document: DocumentNode): ReadonlySet<string> {
  const names = new Set<string>();
  visit(document, {
    Directive({ name, arguments: given = [] }: DirectiveNode) {
      if (name.value !== 'skip' && name.value !== 'include') return;
      for (const { value } of given) if (value.kind === Kind.VARIABLE) names.add(value.name.value);
    },
  });
  return names;
}
