import type { ExecutionResult, GraphQLError, GraphQLFormattedError } from 'graphql';
import { BAD_INPUT } from './resolvers.ts';

/** An error that an answer must have. Its message is there where graphql-js made it. */
export interface ExpectedError extends Omit<GraphQLFormattedError, 'message'> {
  readonly message: string | undefined;
}

/** The errors of graphql-js, sorted by their places in an answer in which nothing is missing: depth first. */
export function expectedErrors(
  complete: ExecutionResult['data'],
  errors: readonly GraphQLError[] = [],
): ExpectedError[] {
  const places = errors.map((error) => ({ error, place: placeOf(complete, error.path ?? []) }));
  places.sort((one, other) => {
    const depth = one.place.findIndex((index, at) => index !== other.place[at]);
    return depth === -1
      ? one.place.length - other.place.length
      : (one.place[depth] ?? 0) - (other.place[depth] ?? -1);
  });
  return places.map(({ error: { message, locations, path, extensions } }) => ({
    ...(locations !== undefined && { locations }),
    ...(path !== undefined && { path }),
    message: message === '' ? undefined : message,
    extensions: 'code' in extensions ? extensions : { ...BAD_INPUT },
  }));
}

function placeOf(complete: ExecutionResult['data'], path: readonly (string | number)[]): number[] {
  let at: unknown = complete;
  return path.map((key) => {
    const index = typeof key === 'number' ? key : Object.keys(Object(at)).indexOf(key);
    at = Object(at)[key];
    return index;
  });
}
