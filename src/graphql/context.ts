import type { GraphQLError } from 'graphql';
import type { ResourceLoader } from '#loader/resource-loader.ts';
import type { UserPlaces } from './user-places.ts';

/** What resolvers and plugins have at hand. Made anew for every request; Apollo Server makes a shallow copy of it. */
export interface GraphQLContext {
  readonly loader: ResourceLoader;
  readonly places: UserPlaces;
  readonly operation: OperationObserver;
}

/** Is told how the operation of one request goes. */
export interface OperationObserver {
  /** The request's id, for `extensions.requestId`. */
  readonly requestId: string;
  /** The errors that came up, as they were thrown. */
  failed(errors: readonly GraphQLError[]): void;
  /**
   * The operation is done; `data` is undefined where it was refused before it ran. Gives what is to stand in the
   * `extensions` of the answer, if anything.
   */
  done(operationName: string | null | undefined, data: unknown): Record<string, unknown> | undefined;
}
