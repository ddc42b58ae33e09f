import { ApolloServer } from '@apollo/server';
import {
  ApolloServerPluginCacheControlDisabled,
  ApolloServerPluginInlineTraceDisabled,
} from '@apollo/server/plugin/disabled';
import type { GraphQLFormattedError } from 'graphql';
import type { GraphQLContext } from '#graphql/context.ts';
import { formatError } from '#graphql/errors.ts';
import { CompiledOperations } from '#graphql/execution/compiled-operations.ts';
import { executionListener } from '#graphql/execution/execution-listener.ts';
import { createSchema } from '#graphql/schema.ts';
import { UserPlaces } from '#graphql/user-places.ts';
import { ResourceLoader } from '#loader/resource-loader.ts';
import type { Outcome } from '#upstream/outcome.ts';
import { type ScriptedGet, ScriptedReader } from '../../../support/scripted-reader.ts';

/** What a GET comes to. */
export type World = (get: ScriptedGet) => Outcome;

export interface Result {
  readonly data: unknown;
  /** In the order of their places: in which order they come up depends on which GET lands first. */
  readonly errors: readonly GraphQLFormattedError[] | undefined;
}

export interface Run {
  readonly variables?: Record<string, unknown> | undefined;
  readonly operationName?: string | undefined;
  /** Decides in which order GETs land that are in flight at one time. */
  readonly order?: number;
}

/**
 * Apollo Server with the plugin under test, over a world without HTTP. The first time that it is given an operation, it
 * leaves it to graphql-js; from the second time on it executes it compiled, if it can.
 */
export function createExecutors(world: World): (query: string, run?: Run) => Promise<Result> {
  const schema = createSchema();
  const listener = executionListener(new CompiledOperations(schema));
  const apollo = new ApolloServer<GraphQLContext>({
    schema,
    introspection: true,
    stopOnTerminationSignals: false,
    includeStacktraceInErrorResponses: false,
    formatError: (_formatted, error) => formatError(error),
    plugins: [
      { requestDidStart: async () => listener },
      ApolloServerPluginCacheControlDisabled(),
      ApolloServerPluginInlineTraceDisabled(),
    ],
  });
  return async (query, { variables, operationName, order = 0 } = {}) => {
    const { body } = await apollo.executeOperation(
      { query, ...(variables && { variables }), ...(operationName && { operationName }) },
      { contextValue: contextOf(world, order) },
    );
    if (body.kind !== 'single') throw new Error('Incremental delivery was not asked for');
    // As it goes over the wire: without prototypes, without what is undefined.
    const { data, errors }: Result = JSON.parse(JSON.stringify(body.singleResult));
    return { data, errors: errors?.toSorted((one, other) => compare(placeOf(one), placeOf(other))) };
  };
}

function contextOf(world: World, order: number): GraphQLContext {
  const caller = { authorization: 'Bearer token', requestId: 'request' };
  return {
    loader: new ResourceLoader(landingIn(order, world), caller, 100, () => {}),
    places: new UserPlaces(100),
    operation: { requestId: 'request', failed() {}, done: () => undefined },
  };
}

/** A reader whose GETs land one at a time, each in a turn of the event loop of its own, in an order of its own. */
function landingIn(order: number, world: World): ScriptedReader {
  const inFlight: ScriptedGet[] = [];
  const landOne = () => {
    const [get] = inFlight.splice(order % inFlight.length, 1);
    get?.land(world(get));
    if (inFlight.length > 0) setImmediate(landOne);
  };
  return new ScriptedReader((get) => {
    if (inFlight.push(get) === 1) setImmediate(landOne);
  });
}

function placeOf({ path, message }: GraphQLFormattedError): string {
  return JSON.stringify([path, message]);
}

function compare(one: string, other: string): number {
  return one < other ? -1 : Number(one > other);
}
