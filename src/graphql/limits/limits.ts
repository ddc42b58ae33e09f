import type { ValidationRule } from 'graphql';
import { LimitError } from './limit-error.ts';
import { MAX_NESTING, type Measurement, measureOperations, type Repetition } from './measure.ts';

export { isLimitError } from './limit-error.ts';
export { isTokenLimitError } from './token-limit-error.ts';

export interface QueryLimits {
  /** Tokens of a document: the parser counts them, as its `maxTokens` option. */
  maxTokens: number;
  /** Nested fields: `{ communityUser { email } }` is 2 deep. */
  maxDepth: number;
  /** Aliased fields of one operation. */
  maxAliases: number;
}

const MAX_DIRECTIVES = 50;

/** Room for `maxAliases` users with every field of theirs, at the default of 100. */
const MAX_FIELDS = 2000;

/** Merging makes a repeated leaf free to answer but not to validate, and no client needs more. */
const MAX_REPEATED_LEAVES = 50;

/** The standard introspection query goes 14 fields deep below `__schema`, with its nine nested `ofType`. */
const MAX_INTROSPECTION_DEPTH = 20;

/** The standard introspection query comes to 229 fields with every option on. */
const MIN_INTROSPECTION_FIELDS = 1000;

/**
 * The limits of a document as validation rules, to run next to graphql's own. All of them count through fragments,
 * for each operation apart; each reports one error at most for an operation.
 *
 * Fields under `__schema` and `__type` count for none of the limits but their own two. Circular introspection is
 * refused by graphql's MaxIntrospectionDepthRule, one of `specifiedRules`.
 *
 * Rules of our own rather than graphql-armor's (tried: max-aliases 2.6.2, max-depth 2.4.2, max-directives 2.3.1): those
 * let any number of aliased `__typename` pass, count the aliases of introspection, lose the directives of a second
 * spread of one fragment, know neither fields nor repetition, and end the validation by throwing.
 */
export function limitRules({ maxTokens, maxDepth, maxAliases }: QueryLimits): ValidationRule[] {
  // Beyond what any document of maxTokens can ask for unless it spreads a fragment again and again.
  const maxIntrospectionFields = Math.max(maxTokens, MIN_INTROSPECTION_FIELDS);
  // Every aliased user may be the same field, and a strict limit on aliases must not forbid plain merging.
  const maxRepeatedObjects = Math.max(maxAliases, MAX_REPEATED_LEAVES);

  return [
    limitRule(({ depth, nesting, introspectionDepth }) => {
      if (nesting > MAX_NESTING)
        return `The operation nests selections more than ${MAX_NESTING} levels deep.`;
      return (
        exceeded('The operation is', depth, 'fields deep', maxDepth) ??
        exceeded('The introspection is', introspectionDepth, 'fields deep', MAX_INTROSPECTION_DEPTH)
      );
    }),
    limitRule(({ aliases }) => exceeded('The operation has', aliases, 'aliases', maxAliases)),
    limitRule(({ directives }) => exceeded('The operation has', directives, 'directives', MAX_DIRECTIVES)),
    limitRule(
      ({ fields, introspectionFields }) =>
        exceeded('The operation selects', fields, 'fields', MAX_FIELDS) ??
        exceeded('The introspection selects', introspectionFields, 'fields', maxIntrospectionFields),
    ),
    limitRule(
      ({ leaf, object }) => repeated(leaf, MAX_REPEATED_LEAVES) ?? repeated(object, maxRepeatedObjects),
    ),
  ];
}

/**
 * A rule that reports, for each operation, what `complaint` finds wrong with its measurement. It does so on entering
 * the document: a hundred other errors end a validation, and must not hide that a limit is passed.
 */
function limitRule(complaint: (measurement: Measurement) => string | undefined): ValidationRule {
  return (context) => ({
    Document() {
      for (const measurement of measureOperations(context)) {
        const message = complaint(measurement);
        if (message) context.reportError(new LimitError(message, { nodes: measurement.operation }));
      }
      return false;
    },
  });
}

function exceeded(before: string, count: number, after: string, limit: number): string | undefined {
  if (count <= limit) return undefined;
  return `${before} ${count < 1_000_000 ? count : 'over a million'} ${after}; at most ${limit} are allowed.`;
}

function repeated({ field, count }: Repetition, limit: number): string | undefined {
  // A name may be as long as a request.
  const name = field.length > 40 ? `${field.slice(0, 40)}…` : field;
  return exceeded(`One selection set has the field "${name}"`, count, 'times', limit);
}
