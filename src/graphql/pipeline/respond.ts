import { GraphQLError, type GraphQLFormattedError, getLocation, type SourceLocation } from 'graphql';
import { describeError } from '../errors.ts';
import type { RefusedOperation } from '../operations/operations.ts';
import { type FieldError, pathKeys } from '../plan/answer.ts';
import type { PlannedField } from '../plan/plan.ts';
import { MEDIA_TYPES, type MediaType } from './head.ts';
import type { Reply } from './reply.ts';

/** What an execution came to. */
export interface Result {
  /** JSON. */
  readonly data: string;
  readonly errors: readonly GraphQLFormattedError[];
  readonly extensions?: object | undefined;
}

/** The response to an operation that was executed: status 200, whatever became of its fields. */
export function executed({ data, errors, extensions }: Result, mediaType: MediaType): Reply {
  const before = errors.length === 0 ? '' : `"errors":${JSON.stringify(errors)},`;
  const after = extensions === undefined ? '' : `,"extensions":${JSON.stringify(extensions)}`;
  return { status: 200, headers: HEADERS[mediaType], body: `{${before}"data":${data}${after}}\n` };
}

/**
 * The response to an operation that was not executed. The older media type has status 200 for a well-formed request that
 * GraphQL refuses, since its clients can't tell a GraphQL response from what a proxy made up (GraphQL over HTTP,
 * "application/json"); limits are ours, not GraphQL's.
 */
export function refused(
  { errors, isOverLimit }: Pick<RefusedOperation, 'errors' | 'isOverLimit'>,
  requestId: string,
  mediaType: MediaType,
): Reply {
  const status = isOverLimit || mediaType !== MEDIA_TYPES[0] ? 400 : 200;
  const body = `${JSON.stringify({ errors: errors.map((error) => withRequestId(error, requestId)) })}\n`;
  return { status, headers: HEADERS[mediaType], body };
}

const HEADERS: Readonly<Record<MediaType, Reply['headers']>> = {
  [MEDIA_TYPES[0]]: { 'content-type': MEDIA_TYPES[0] },
  [MEDIA_TYPES[1]]: { 'content-type': MEDIA_TYPES[1] },
};

/** Puts the request's id into an error, so that whoever reports the error gives the id to look up in the logs. */
export function withRequestId(error: GraphQLFormattedError, requestId: string): GraphQLFormattedError {
  return { ...error, extensions: { ...error.extensions, requestId } };
}

/** An error of a field as a client sees it. */
export function formatFieldError({ error, place }: FieldError, requestId: string): GraphQLFormattedError {
  const { message, extensions } = describeError(error);
  const own = error instanceof GraphQLError ? error.locations : undefined;
  const locations = own ?? locationsOf(place.field?.nodes ?? []);
  return { message, locations, path: pathKeys(place), extensions: { ...extensions, requestId } };
}

/** Thousands of errors may be about one field, and a location is found by reading the document. */
const known = new WeakMap<PlannedField['nodes'], readonly SourceLocation[]>();

function locationsOf(nodes: PlannedField['nodes']): readonly SourceLocation[] {
  let locations = known.get(nodes);
  if (locations === undefined) {
    locations = nodes.flatMap(({ loc }) => (loc === undefined ? [] : getLocation(loc.source, loc.start)));
    known.set(nodes, locations);
  }
  return locations;
}
