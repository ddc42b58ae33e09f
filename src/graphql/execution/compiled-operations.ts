import {
  type DocumentNode,
  type GraphQLSchema,
  Kind,
  type OperationDefinitionNode,
  TypeInfo,
  ValidationContext,
} from 'graphql';
import { type CompiledQuery, compileQuery, isCompiledQuery } from 'graphql-jit';
import { LRUCache } from 'lru-cache';
import { measureOperations } from '../limits/measure.ts';
import { isCompilable } from './is-compilable.ts';
import { conditionVariables, specialise } from './specialise.ts';

type Variables = Readonly<Record<string, unknown>>;

/** An operation that passed validation. */
export interface ValidOperation {
  /** What tells the document from others, such as the hash of its text. */
  readonly documentId: string;
  readonly document: DocumentNode;
  readonly operation: OperationDefinitionNode;
}

const MOST_OPERATIONS = 1000;
const MOST_CONDITIONS = 8;
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
  readonly #conditions = new LRUCache<string, readonly Condition[]>({ max: MOST_OPERATIONS });
  /** Bounded by what it takes in memory: code and document of a single operation may come to megabytes. */
  readonly #compiled = new LRUCache<string, Compiled>({
    max: MOST_OPERATIONS,
    maxSize: MOST_KILOBYTES,
    sizeCalculation: ({ kilobytes }) => kilobytes,
  });

  constructor(schema: GraphQLSchema) {
    this.#schema = schema;
  }

  /** The compiled operation for these variables; undefined where graphql-js is to execute it. */
  find(valid: ValidOperation, variables: Variables): CompiledQuery['query'] | undefined {
    const id = `${valid.documentId} ${valid.operation.name?.value ?? ''}`;
    let conditions = this.#conditions.get(id);
    if (conditions === undefined) {
      conditions = conditionsOf(valid);
      this.#conditions.set(id, conditions);
    }
    const variant = variantOf(conditions, variables);
    if (variant === undefined) return undefined;

    const key = variant === 0 ? id : `${id} ${variant}`;
    let compiled = this.#compiled.get(key);
    if (compiled === undefined) {
      this.#compiled.set(key, CAME_ONCE);
      return undefined;
    }
    if (compiled === CAME_ONCE) {
      compiled = compile(this.#schema, valid, conditions, variant);
      this.#compiled.set(key, compiled);
    }
    return compiled.query;
  }
}

/** What is known of one combination of an operation's conditions. */
interface Compiled {
  /** Undefined where it is left to graphql-js. */
  readonly query: CompiledQuery['query'] | undefined;
  readonly kilobytes: number;
}

const CAME_ONCE: Compiled = { query: undefined, kilobytes: 1 };
const UNSUITABLE: Compiled = { query: undefined, kilobytes: 1 };

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
  const compiled = compileQuery(schema, document, valid.operation.name?.value, {
    // What decoding lets through is a string, a boolean or an Error already; `DateTime` is still serialised.
    disableLeafSerialization: true,
    disablingCapturingStackErrors: true,
  });
  if (!isCompiledQuery(compiled)) return UNSUITABLE;
  return { query: compiled.query, kilobytes: kilobytesOf(schema, document) };
}

/** Measured: the code for a field takes about a kilobyte, and the nodes of sixteen characters of a document another. */
function kilobytesOf(schema: GraphQLSchema, document: DocumentNode): number {
  const context = new ValidationContext(schema, document, new TypeInfo(schema), () => {});
  const fields = measureOperations(context).reduce((sum, operation) => sum + operation.fields, 0);
  return 1 + fields + Math.ceil((document.loc?.source.body.length ?? 0) / 16);
}
