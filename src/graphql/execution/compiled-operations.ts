import {
  type DocumentNode,
  type GraphQLSchema,
  Kind,
  type OperationDefinitionNode,
  TypeInfo,
  ValidationContext,
} from 'graphql';
import type { CompiledQuery } from 'graphql-jit';
import { LRUCache } from 'lru-cache';
import { measureOperations } from '../limits/measure.ts';
import { graphqlJit } from './graphql-jit.ts';
import { isCompilable } from './is-compilable.ts';
import { conditionVariables, specialise } from './specialise.ts';

type Variables = Readonly<Record<string, unknown>>;

/** What a request says of its operation. */
export interface RequestedOperation {
  /** The text of the document. */
  readonly text: string;
  /** Which operation of the document, where it says so. */
  readonly name: string | undefined;
}

/** An operation that passed validation. */
export interface ValidOperation extends RequestedOperation {
  readonly document: DocumentNode;
  readonly operation: OperationDefinitionNode;
}

/** An operation as code. */
export interface CompiledOperation {
  readonly name: string | undefined;
  readonly query: CompiledQuery['query'];
}

const MOST_OPERATIONS = 1000;
const MOST_CONDITIONS = 8;
const MOST_VARIANTS = 2 ** MOST_CONDITIONS;
const MOST_KILOBYTES = 32_000;

/**
 * Compiles operations with graphql-jit. Compiling costs as much as hundreds of executions, so only what comes for the
 * second time is compiled, and the oldest is forgotten.
 *
 * graphql-jit is not given `@skip` and `@include`: it misreads them where fragments are spread more than once. Each
 * combination of their variables is an operation of its own instead, without them; which also means that the nodes below
 * a resolver are exactly those that execute, so that what they cost is worked out once for all requests.
 */
export class CompiledOperations {
  readonly #schema: GraphQLSchema;
  /** By the text of their document, and by the name that was asked for. */
  readonly #known = new LRUCache<string, Map<string | undefined, KnownOperation>>({
    max: MOST_OPERATIONS,
    maxSize: MOST_KILOBYTES,
    sizeCalculation: (_operations, text) => kilobytesOf(text),
  });
  /** Bounded by what it takes in memory: code and document of a single operation may come to megabytes. */
  readonly #compiled = new LRUCache<number, Compiled>({
    max: MOST_OPERATIONS,
    maxSize: MOST_KILOBYTES,
    sizeCalculation: ({ kilobytes }) => kilobytes,
  });
  #lastId = 0;

  constructor(schema: GraphQLSchema) {
    this.#schema = schema;
  }

  /** The compiled operation for these variables; undefined where graphql-js is to execute it. */
  find(valid: ValidOperation, variables: Variables): CompiledOperation | undefined {
    const known = this.#knownOperation(valid);
    const variant = variantOf(known.conditions, variables);
    if (variant === undefined) return undefined;

    const key = known.id * MOST_VARIANTS + variant;
    let compiled = this.#compiled.get(key);
    if (compiled === undefined) {
      this.#compiled.set(key, CAME_ONCE);
      return undefined;
    }
    if (compiled === CAME_ONCE) {
      compiled = compile(this.#schema, valid, known.conditions, variant);
      this.#compiled.set(key, compiled);
    }
    return compiled.operation;
  }

  /** One that is compiled already, by what the request says of it alone; undefined where it is not. */
  findAgain({ text, name }: RequestedOperation, variables: Variables): CompiledOperation | undefined {
    const known = this.#known.get(text)?.get(name);
    if (known === undefined) return undefined;
    const variant = variantOf(known.conditions, variables);
    return variant === undefined
      ? undefined
      : this.#compiled.get(known.id * MOST_VARIANTS + variant)?.operation;
  }

  #knownOperation(valid: ValidOperation): KnownOperation {
    let operations = this.#known.get(valid.text);
    if (operations === undefined) {
      operations = new Map();
      this.#known.set(valid.text, operations);
    }
    let known = operations.get(valid.name);
    if (known === undefined) {
      known = { id: ++this.#lastId, conditions: conditionsOf(valid) };
      operations.set(valid.name, known);
    }
    return known;
  }
}

/** What is known of an operation, whatever its variables. */
interface KnownOperation {
  readonly id: number;
  readonly conditions: readonly Condition[];
}

/** What is known of one combination of an operation's conditions. */
interface Compiled {
  /** Undefined where it is left to graphql-js. */
  readonly operation: CompiledOperation | undefined;
  readonly kilobytes: number;
}

const CAME_ONCE: Compiled = { operation: undefined, kilobytes: 1 };
const UNSUITABLE: Compiled = { operation: undefined, kilobytes: 1 };

/** A variable that conditions depend on, and its default. */
interface Condition {
  readonly name: string;
  readonly fallback: boolean | undefined;
}

function conditionsOf({ document, operation }: ValidOperation): readonly Condition[] {
  return conditionVariables(document).map((name) => ({ name, fallback: defaultOf(operation, name) }));
}

function defaultOf(operation: OperationDefinitionNode, name: string): boolean | undefined {
  const definition = operation.variableDefinitions?.find(({ variable }) => variable.name.value === name);
  const value = definition?.defaultValue;
  return value?.kind === Kind.BOOLEAN ? value.value : undefined;
}

/** The combination of conditions, a bit each; undefined where one has no boolean value, or they are too many. */
function variantOf(conditions: readonly Condition[], variables: Variables): number | undefined {
  if (conditions.length > MOST_CONDITIONS) return undefined;
  let variant = 0;
  for (let index = 0; index < conditions.length; index++) {
    const condition = conditions[index];
    const value = condition && (condition.name in variables ? variables[condition.name] : condition.fallback);
    if (typeof value !== 'boolean') return undefined;
    if (value) variant |= 1 << index;
  }
  return variant;
}

function compile(
  schema: GraphQLSchema,
  valid: ValidOperation,
  conditions: readonly Condition[],
  variant: number,
): Compiled {
  const values = new Map(
    conditions.map(({ name }, index) => [name, (variant & (1 << index)) !== 0] as const),
  );
  const document = specialise(valid.document, valid.operation, values);
  if (!isCompilable(schema, document, valid.operation)) return UNSUITABLE;
  const { compileQuery, isCompiledQuery } = graphqlJit();
  const compiled = compileQuery(schema, document, valid.operation.name?.value, {
    // What decoding lets through is a string, a boolean or an Error already; `DateTime` is still serialised.
    disableLeafSerialization: true,
    disablingCapturingStackErrors: true,
  });
  if (!isCompiledQuery(compiled)) return UNSUITABLE;
  const name = valid.operation.name?.value;
  const kilobytes = fieldsOf(schema, document) + kilobytesOf(valid.text);
  return { operation: { name, query: compiled.query }, kilobytes };
}

/** Measured: the code for a field takes about a kilobyte. */
function fieldsOf(schema: GraphQLSchema, document: DocumentNode): number {
  const context = new ValidationContext(schema, document, new TypeInfo(schema), () => {});
  return measureOperations(context).reduce((sum, operation) => sum + operation.fields, 0);
}

/** Measured: the nodes of sixteen characters of a document take about a kilobyte. */
function kilobytesOf(text: string): number {
  return 1 + Math.ceil(text.length / 16);
}
