import { type DocumentNode, Kind, type ValidationRule } from 'graphql';
import { LimitError } from './limit-error.ts';
import { MAX_NESTING, type Measurement, measureOperations, type Repetition } from './measure.ts';

/** The limits on a document. Those on an operation count through fragments. */
export interface QueryLimits {
  /** Bytes of a document's text. */
  readonly maxBytes: number;
  /** Tokens of a document, as its grammar has them. */
  readonly maxTokens: number;
  /** Nested fields: `{ communityUser { email } }` is 2 deep. */
  readonly maxDepth: number;
  /** Aliased fields of one operation. */
  readonly maxAliases: number;
  /** Directives of one operation. */
  readonly maxDirectives: number;
}

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

/**
 * The limits of a document as validation rules, to run next to graphql's own. All of them count through fragments,
 * for each operation apart; each is reported once at most for an operation.
 *
 * Fields under `__schema` and `__type` count for none of the limits but their own two. Circular introspection is
 * refused by graphql's MaxIntrospectionDepthRule, one of `specifiedRules`.
 *
 * Rules of our own rather than graphql-armor's (tried: max-aliases 2.6.2, max-depth 2.4.2, max-directives 2.3.1): those
 * let any number of aliased `__typename` pass, count the aliases of introspection, lose the directives of a second
 * spread of one fragment, know neither fields nor repetition, and end the validation by throwing.
 */
export function limitRules({ maxDepth, maxAliases, maxDirectives }: QueryLimits): ValidationRule[] {
  // Every aliased user may be the same field, and a strict limit on aliases must not forbid plain merging.
  const maxRepeatedObjects = Math.max(maxAliases, MAX_REPEATED_LEAVES);

  const complaints: readonly Complaint[] = [
    ({ depth, nesting, introspectionDepth }) => {
      if (nesting > MAX_NESTING)
        return `The operation nests selections more than ${MAX_NESTING} levels deep.`;
      return (
        exceeded('The operation is', depth, 'fields deep', maxDepth) ??
        exceeded('The introspection is', introspectionDepth, 'fields deep', MAX_INTROSPECTION_DEPTH)
      );
    },
    ({ aliases }) => exceeded('The operation has', aliases, 'aliases', maxAliases),
    ({ directives }) => exceeded('The operation has', directives, 'directives', maxDirectives),
    ({ fields, introspectionFields }) =>
      exceeded('The operation selects', fields, 'fields', MAX_FIELDS) ??
      exceeded('The introspection selects', introspectionFields, 'fields', MAX_INTROSPECTION_FIELDS),
    ({ leaf, object }) => repeated(leaf, MAX_REPEATED_LEAVES) ?? repeated(object, maxRepeatedObjects),
  ];
  return [limitRule(complaints)];
}

/** What is wrong with an operation of this measurement, if anything is. */
type Complaint = (measurement: Measurement) => string | undefined;

/**
 * A rule that reports what `complaints` finds wrong with each operation. It does so on entering the document, and then
 * leaves nothing of it to visit: the other rules, which run at the same time, had better not look at what is too large.
 */
function limitRule(complaints: readonly Complaint[]): ValidationRule {
  return (context) => ({
    Document(document) {
      const errors = fragmentErrors(document);
      for (const measurement of measureOperations(context)) {
        for (const complaint of complaints) {
          const message = complaint(measurement);
          if (message) errors.push(new LimitError(message, measurement.operation));
        }
      }
      for (const error of errors) context.reportError(error);
      return errors.length === 0 ? false : { ...document, definitions: [] };
    },
  });
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

function repeated({ field, count }: Repetition, limit: number): string | undefined {
  // A name may be as long as a request.
  const name = field.length > 40 ? `${field.slice(0, 40)}…` : field;
  return exceeded(`One selection set has the field "${name}"`, count, 'times', limit);
}
