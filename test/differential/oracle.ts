import {
  buildASTSchema,
  type DocumentNode,
  execute,
  type FieldDefinitionNode,
  type FieldNode,
  Kind,
  parse,
  type TypeNode,
  visit,
} from 'graphql';
import { readSdl } from '#graphql/schema.ts';
import { type ExpectedError, expectedErrors } from './expected-errors.ts';
import { failed, recordReads, root } from './resolvers.ts';
import { WaveApi } from './wave-api.ts';

/** What an operation must answer, and the GETs that it must make. */
export interface Expected {
  /** JSON; undefined where the request is refused. */
  readonly data: string | undefined;
  /** In the order of the answer. A message is there where graphql-js made it. */
  readonly errors: readonly ExpectedError[];
  /** The URLs that are asked for together, in order, for each wave. */
  readonly waves: readonly (readonly string[])[];
}

/**
 * Says what an operation must answer: graphql-js executes it twice, with resolvers that are written by hand and know
 * nothing of plans. The first execution finds every user, so as to see which of their fields are read at which place; the
 * second one has the users as they are, and waits for them as for a REST API that answers all GETs of a wave at once.
 */
export async function expectedAnswer(
  document: DocumentNode,
  variables: Readonly<Record<string, unknown>>,
  hasToken: boolean,
): Promise<Expected> {
  const reads = new Map<string, ReadonlySet<string>>();
  const order = execute({
    schema: LENIENT,
    document: visit(document, { Field: withoutIntrospection }),
    variableValues: variables,
    rootValue: root(sdl, (user, place) => {
      const read = new Set<string>();
      reads.set(place, read);
      return recordReads(user, read);
    }),
  });
  if (order instanceof Promise) throw new TypeError('Recording is synchronous');

  const api = new WaveApi();
  const result = await execute({
    schema: STRICT,
    document,
    variableValues: variables,
    rootValue: root(sdl, (user, place) => {
      if (!hasToken) throw failed({ code: 'UNAUTHENTICATED', retryable: false });
      return api.load(user, reads.get(place) ?? new Set());
    }),
  });
  await api.idle();
  return {
    data: 'data' in result ? JSON.stringify(result.data) : undefined,
    errors: expectedErrors(order.data, result.errors),
    waves: api.waves,
  };
}

const FEDERATION = `
  scalar _Any
  union _Entity = CommunityUser | Community
  type _Service { sdl: String! }
  extend type Query { _entities(representations: [_Any!]!): [_Entity]! _service: _Service! }
`;

const sdl = readSdl();
const definitions = parse(sdl + FEDERATION);
/** The schema as it is. */
const STRICT = buildASTSchema(definitions, { assumeValidSDL: true });

/** The schema with fields that can all be null, so that no error keeps other fields from being read. */
const LENIENT = buildASTSchema(
  visit(definitions, {
    FieldDefinition: (field): FieldDefinitionNode => ({ ...field, type: nullable(field.type) }),
  }),
  { assumeValidSDL: true },
);

function nullable(type: TypeNode): TypeNode {
  if (type.kind === Kind.NON_NULL_TYPE) return nullable(type.type);
  return type.kind === Kind.LIST_TYPE ? { ...type, type: nullable(type.type) } : type;
}

/** Introspection has fields that must not be null in any schema; `__typename` takes its place. */
function withoutIntrospection(field: FieldNode): FieldNode | undefined {
  const { name, alias = name } = field;
  if (name.value !== '__schema' && name.value !== '__type') return undefined;
  return {
    kind: Kind.FIELD,
    alias,
    name: { ...name, value: '__typename' },
    directives: field.directives ?? [],
  };
}
