import { ApolloServer, type ApolloServerPlugin } from '@apollo/server';
import {
  ApolloServerPluginCacheControlDisabled,
  ApolloServerPluginInlineTraceDisabled,
} from '@apollo/server/plugin/disabled';
import type { GraphQLContext } from './context.ts';
import { formatError } from './errors.ts';
import { CompiledOperations } from './execution/compiled-operations.ts';
import { executionListener } from './execution/execution-listener.ts';
import { limitRules, type QueryLimits } from './limits/limits.ts';
import { operationListener } from './operation-listener.ts';
import { createSchema } from './schema.ts';

export interface GraphQLOptions {
  readonly limits: QueryLimits;
  readonly introspection: boolean;
  /** Keeps what the schema holds from those who guess: no "Did you mean". */
  readonly hideSuggestions: boolean;
  /** What Apollo Server itself has to say. */
  readonly logger: Logger;
  /** What to show a browser at the GraphQL endpoint, as an Apollo Server plugin. */
  readonly landingPage: ApolloServerPlugin;
}

export type Logger = NonNullable<ConstructorParameters<typeof ApolloServer>[0]['logger']>;

/** Validation ends here: who sends nonsense on purpose shall not have each piece of it looked at and described. */
const MOST_VALIDATION_ERRORS = 5;

/** Apollo Server, not started, and the operations that it has let pass, compiled. */
export interface GraphQLServer {
  readonly apollo: ApolloServer<GraphQLContext>;
  readonly operations: CompiledOperations;
}

/** Apollo Server with our schema, limits, execution and errors. */
export function createGraphQLServer(options: GraphQLOptions): GraphQLServer {
  const schema = createSchema();
  const operations = new CompiledOperations(schema);
  // One listener for all requests, and one plugin: Apollo Server waits for each hook of each of them.
  const listener = { ...executionListener(operations), ...operationListener() };
  const apollo = new ApolloServer<GraphQLContext>({
    schema,
    logger: options.logger,
    introspection: options.introspection,
    hideSchemaDetailsFromClientErrors: options.hideSuggestions,
    includeStacktraceInErrorResponses: false,
    // Any client could fill a cache of automatic persisted queries. Trusted documents take their place.
    persistedQueries: false,
    csrfPrevention: true,
    stopOnTerminationSignals: false,
    parseOptions: { maxTokens: options.limits.maxTokens },
    validationRules: limitRules(options.limits),
    validationOptions: { maxErrors: MOST_VALIDATION_ERRORS },
    formatError: (_formatted, error) => formatError(error),
    plugins: [
      { requestDidStart: async () => listener },
      options.landingPage,
      // It would wrap every resolver, for answers that are never cached.
      ApolloServerPluginCacheControlDisabled(),
      // It would tell any caller who asks how long each resolver took; traces are OpenTelemetry's.
      ApolloServerPluginInlineTraceDisabled(),
    ],
  });
  return { apollo, operations };
}
