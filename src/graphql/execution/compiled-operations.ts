import {
  type DocumentNode,
  type ExecutionResult,
  type GraphQLSchema,
  Kind,
  type OperationDefinitionNode,
} from 'graphql';
import { type CompiledQuery, compileQuery, isCompiledQuery } from 'graphql-jit';
import { LRUCache } from 'lru-cache';
import { isCompilable } from './is-compilable.ts';
import { conditionVariables, specialise } from './specialise.ts';

type Variables = Readonly<Record<string, unknown>>;

/** An operation that is executed as compiled code. Gives `undefined` where graphql-js had better do it. */
export type Execute = (context: unknown, variables: Variables) => Promise<ExecutionResult> | ExecutionResult;

/** An operation that passed validation. */
export interface ValidOperation {
  /** What tells the document from others, such as the hash of its text. */
  readonly documentId: string;
  readonly document: DocumentNode;
  readonly operation: OperationDefinitionNode;
}

const MOST_OPERATIONS = 1000;
const MOST_CONDITIONS = 8;

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
  readonly #operations = new LRUCache<string, KnownOperation>({ max: MOST_OPERATIONS });

  constructor(schema: GraphQLSchema) {
    this.#schema = schema;
  }

  /** The compiled operation for these variables; undefined where graphql-js is to execute it. */
  find(valid: ValidOperation, variables: Variables): CompiledQuery['query'] | undefined {
    const id = `${valid.documentId} ${valid.operation.name?.value ?? ''}`;
    let known = this.#operations.get(id);
    if (known === undefined) {
      known = new KnownOperation(valid.document, valid.operation);
      this.#operations.set(id, known);
    }
    return known.compiled(this.#schema, variables);
  }
}

const UNSUITABLE = Symbol('left to graphql-js');

class KnownOperation {
  readonly #document: DocumentNode;
  readonly #operation: OperationDefinitionNode;
  readonly #conditions: readonly Condition[];
  /** For each combination of conditions, how it is executed; undefined from the first time to the second. */
  readonly #variants = new Map<number, CompiledQuery['query'] | typeof UNSUITABLE | undefined>();

  constructor(document: DocumentNode, operation: OperationDefinitionNode) {
    this.#document = document;
    this.#operation = operation;
    this.#conditions = conditionVariables(document).map((name) => ({
      name,
      fallback: defaultOf(operation, name),
    }));
  }

  compiled(schema: GraphQLSchema, variables: Variables): CompiledQuery['query'] | undefined {
    const variant = this.#variant(variables);
    if (variant === undefined) return undefined;
    let compiled = this.#variants.get(variant);
    if (compiled === undefined) {
      compiled = this.#variants.has(variant) ? this.#compile(schema, variant) : undefined;
      this.#variants.set(variant, compiled);
    }
    return compiled === UNSUITABLE ? undefined : compiled;
  }

  /** The combination of conditions, a bit each; undefined where one has no boolean value, or they are too many. */
  #variant(variables: Variables): number | undefined {
    if (this.#conditions.length > MOST_CONDITIONS) return undefined;
    let variant = 0;
    for (let index = 0; index < this.#conditions.length; index++) {
      const condition = this.#conditions[index];
      const value =
        condition && (condition.name in variables ? variables[condition.name] : condition.fallback);
      if (typeof value !== 'boolean') return undefined;
      if (value) variant |= 1 << index;
    }
    return variant;
  }

  #compile(schema: GraphQLSchema, variant: number): CompiledQuery['query'] | typeof UNSUITABLE {
    const conditions = new Map(
      this.#conditions.map(({ name }, index) => [name, (variant & (1 << index)) !== 0] as const),
    );
    const document = specialise(this.#document, this.#operation, conditions);
    if (!isCompilable(schema, document, this.#operation)) return UNSUITABLE;
    const compiled = compileQuery(schema, document, this.#operation.name?.value, {
      // What decoding lets through is a string, a boolean or an Error already; `DateTime` is still serialised.
      disableLeafSerialization: true,
      disablingCapturingStackErrors: true,
    });
    return isCompiledQuery(compiled) ? compiled.query : UNSUITABLE;
  }
}

/** A variable that conditions depend on, and its default. */
interface Condition {
  readonly name: string;
  readonly fallback: boolean | undefined;
}

function defaultOf(operation: OperationDefinitionNode, name: string): boolean | undefined {
  const definition = operation.variableDefinitions?.find(({ variable }) => variable.name.value === name);
  const value = definition?.defaultValue;
  return value?.kind === Kind.BOOLEAN ? value.value : undefined;
}
