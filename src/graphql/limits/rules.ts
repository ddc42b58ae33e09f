import { type DocumentNode, GraphQLError, Kind, type ValidationRule } from 'graphql';
import { LimitError, type QueryLimits } from './limits.ts';
import { MAX_NESTING, type Measurement, measureOperations, type Repetition } from './measure.ts';

/** graphql compares each two fragments that one selection set spreads: four hundred of them take it 70 ms. */
const MAX_FRAGMENTS = 100;

/** Room for `maxAliases` users with every field of theirs, at the default of 100. */
const MAX_FIELDS = 2000;

/** Merging makes a repeated leaf free to answer but not to validate, and no client needs more. */
const MAX_REPEATED_LEAVES = 50;

/** The standard introspection query goes 14 fields deep below `__schema`, with its nine nested `ofType`. */
const MAX_INTROSPECTION_DEPTH = 20;

/**
 * The standard introspection query comes to 229 fields with every option on. Each field below `types { fields { type { fields`
 * is executed hundreds of times: four thousand of them took as long as 130 requests for 20 users.
 */
const MAX_INTROSPECTION_FIELDS = 1000;

/** Rules of our own, to run next to graphql's. */
export function documentRules(limits: QueryLimits, introspection: boolean): ValidationRule[] {
  const rules = [supportedOperations, limitRule(limits)];
  return introspection ? rules : [noIntrospection, ...rules];
}

/** Refuses operations of a type that the schema has no root for, which graphql-js finds out only when it executes them. */
const supportedOperations: ValidationRule = (context) => ({
  OperationDefinition(node) {
    if (context.getSchema().getRootType(node.operation)) return;
    const message = `This API has no ${node.operation}s: only queries are supported.`;
    context.reportError(new GraphQLError(message, { nodes: node }));
  },
});

/** Refuses introspection, and says where the schema is to be had instead. */
const noIntrospection: ValidationRule = (context) => ({
  Field(node) {
    const name = node.name.value;
    if (name !== '__schema' && name !== '__type') return;
    const message =
      `Introspection is off here, so "${name}" is not answered. Take the schema from the published file ` +
      'docs/schema.graphql, or start the service with INTROSPECTION=true.';
    context.reportError(new GraphQLError(message, { nodes: node }));
  },
});

/**
 * Holds operations against the limits, which count through fragments, for each operation apart. It does so on entering the
 * document, and then leaves nothing of it to visit: the other rules, which run at the same time, had better not look at
 * what is too large.
 *
 * Fields under `__schema` and `__type` count for none of the limits but their own two. Circular introspection is
 * refused by graphql's MaxIntrospectionDepthRule, one of `specifiedRules`.
 *
 * A rule of our own rather than graphql-armor's (tried: max-aliases 2.6.2, max-depth 2.4.2, max-directives 2.3.1): those
 * let any number of aliased `__typename` pass, count the aliases of introspection, lose the directives of a second
 * spread of one fragment, know neither fields nor repetition, and end the validation by throwing.
 */
function limitRule(limits: QueryLimits): ValidationRule {
  return (context) => ({
    Document(document) {
      const errors = fragmentErrors(document);
      for (const measurement of measureOperations(document)) {
        for (const message of complaints(measurement, limits)) {
          errors.push(new LimitError(message, measurement.operation));
        }
      }
      for (const error of errors) context.reportError(error);
      return errors.length === 0 ? false : { ...document, definitions: [] };
    },
  });
}

/** What is too large about an operation. */
function complaints(measurement: Measurement, limits: QueryLimits): string[] {
  const { depth, nesting, aliases, directives, fields, repeated } = measurement;
  const { introspectionDepth, introspectionFields } = measurement;
  // Every aliased user may be the same field, and a strict limit on aliases must not forbid plain merging.
  const maxRepeatedObjects = Math.max(limits.maxAliases, MAX_REPEATED_LEAVES);
  const found = [
    nesting > MAX_NESTING
      ? `The operation nests selections more than ${MAX_NESTING} levels deep.`
      : (exceeded('The operation is', depth, 'fields deep', limits.maxDepth) ??
        exceeded('The introspection is', introspectionDepth, 'fields deep', MAX_INTROSPECTION_DEPTH)),
    exceeded('The operation has', aliases, 'aliases', limits.maxAliases),
    exceeded('The operation has', directives, 'directives', limits.maxDirectives),
    exceeded('The operation selects', fields, 'fields', MAX_FIELDS) ??
      exceeded('The introspection selects', introspectionFields, 'fields', MAX_INTROSPECTION_FIELDS),
    tooOften(repeated.leaf, MAX_REPEATED_LEAVES) ?? tooOften(repeated.object, maxRepeatedObjects),
  ];
  return found.filter((message) => message !== undefined);
}

function fragmentErrors(document: DocumentNode): LimitError[] {
  const fragments = document.definitions.filter(({ kind }) => kind === Kind.FRAGMENT_DEFINITION);
  const message = exceeded('The document has', fragments.length, 'fragments', MAX_FRAGMENTS);
  return message === undefined ? [] : [new LimitError(message, fragments[MAX_FRAGMENTS])];
}

function exceeded(before: string, count: number, after: string, limit: number): string | undefined {
  if (count <= limit) return undefined;
  return `${before} ${count < 1_000_000 ? count : 'over a million'} ${after}; at most ${limit} are allowed.`;
}

function tooOften({ field, count }: Repetition, limit: number): string | undefined {
  // A name may be as long as a request.
  const name = field.length > 40 ? `${field.slice(0, 40)}…` : field;
  return exceeded(`One selection set has the field "${name}"`, count, 'times', limit);
}
