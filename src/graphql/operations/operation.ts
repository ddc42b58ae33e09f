import {
  type DirectiveNode,
  type DocumentNode,
  type FragmentDefinitionNode,
  GraphQLError,
  type GraphQLSchema,
  getVariableValues,
  Kind,
  visit,
} from 'graphql';
import type { Values } from '../entities/define-entity.ts';
import { compilePlan, type PlanContext, type PlannableOperation } from '../plan/compile.ts';
import type { Plan } from '../plan/plan.ts';

/** graphql-js stops here: each further variable, or item of a list, that is wrong is not described. */
const MAX_VARIABLE_ERRORS = 50;

/** Combinations of conditions whose plans are kept. */
const MAX_PLANS = 16;

/** Variables as the operation sees them, or what is wrong with them. */
export type CoercedVariables = { readonly errors: readonly GraphQLError[] } | { readonly coerced: Values };

/** Is told of how many fields there are more, or fewer, in the plans that are kept. */
export type PlanObserver = (fields: number) => void;

/** The operations of a document that validated, by their names; the only one without its name, too. */
export function prepareOperations(
  context: PlanContext,
  document: DocumentNode,
  planned: PlanObserver = () => {},
): ReadonlyMap<string | undefined, PreparedOperation> {
  const named = conditionVariables(document);
  const fragments: Record<string, FragmentDefinitionNode> = Object.create(null);
  for (const definition of document.definitions) {
    if (definition.kind === Kind.FRAGMENT_DEFINITION) fragments[definition.name.value] = definition;
  }
  const operations = new Map<string | undefined, PreparedOperation>();
  for (const operation of document.definitions) {
    if (operation.kind !== Kind.OPERATION_DEFINITION) continue;
    const variables = operation.variableDefinitions?.map(({ variable }) => variable.name.value) ?? [];
    const conditions = variables.filter((name) => named.has(name));
    const prepared = new PreparedOperation(context, { operation, fragments }, conditions, planned);
    operations.set(operation.name?.value, prepared);
  }
  const [only, ...others] = operations.values();
  if (only !== undefined && others.length === 0) operations.set(undefined, only);
  return operations;
}

/** An operation that validated, with its plans. */
export class PreparedOperation {
  readonly name: string | undefined;
  /** Its variables that `@skip` and `@include` name. */
  readonly conditions: readonly string[];
  readonly #context: PlanContext;
  readonly #source: PlannableOperation;
  /** By the values of the conditions. */
  readonly #plans = new Map<string, Plan | GraphQLError>();
  readonly #planned: PlanObserver;

  constructor(
    context: PlanContext,
    source: PlannableOperation,
    conditions: readonly string[],
    planned: PlanObserver,
  ) {
    this.name = source.operation.name?.value;
    this.conditions = conditions;
    this.#context = context;
    this.#source = source;
    this.#planned = planned;
  }

  get schema(): GraphQLSchema {
    return this.#context.schema;
  }

  /** Reads variables as they came (GraphQL specification §6.1.2). `hideSuggestions`: no error says "Did you mean". */
  coerce(variables: Values, hideSuggestions: boolean): CoercedVariables {
    const definitions = this.#source.operation.variableDefinitions ?? [];
    const options = { maxErrors: MAX_VARIABLE_ERRORS, hideSuggestions };
    return getVariableValues(this.schema, definitions, variables, options);
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
      plan = compilePlan(this.#context, this.#source, variables);
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
    return this.#source.operation.selectionSet.selections.every(
      (selection) => selection.kind === Kind.FIELD && INTROSPECTION.includes(selection.name.value),
    );
  }
}

function fieldCount(plan: Plan | GraphQLError): number {
  return plan instanceof GraphQLError ? 0 : plan.fieldCount;
}

const INTROSPECTION = ['__schema', '__type', '__typename'];

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
