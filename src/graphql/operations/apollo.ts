import type { ApolloServerPlugin } from '@apollo/server';
import {
  ApolloServerPluginCacheControlDisabled,
  ApolloServerPluginSchemaReportingDisabled,
  ApolloServerPluginUsageReportingDisabled,
} from '@apollo/server/plugin/disabled';
import type { DocumentNode, GraphQLSchema } from 'graphql';
import type { RequestLoader } from '#loader/request-loader.ts';
import { ApolloServer } from '../apollo-server.ts';
import { formatError } from '../errors.ts';
import { limitRules, type QueryLimits } from '../limits/limits.ts';
import { noIntrospection, supportedOperations } from '../limits/operation-rules.ts';
import { detachFromText } from '../locations.ts';

/** What Apollo Server is asked for: a document that it has validated, or (with a loader) an answer of graphql-js. */
export interface ApolloContext {
  /** Takes the document; it is not executed then. */
  readonly validated?: (document: DocumentNode) => void;
  readonly loader?: RequestLoader;
  /** Is told of each error, before it is formatted. */
  readonly failed: (error: unknown) => void;
}

export interface ApolloOptions {
  readonly schema: GraphQLSchema;
  readonly limits: QueryLimits;
  readonly introspection: boolean;
  /** Keeps what the schema holds from those who guess: no "Did you mean". */
  readonly hideSuggestions: boolean;
  readonly logger: NonNullable<ConstructorParameters<typeof ApolloServer>[0]['logger']>;
  /** What a browser sees at the GraphQL endpoint, and whether routers get federated traces. */
  readonly plugins: readonly ApolloServerPlugin[];
}

/** Validation ends here: who sends nonsense on purpose shall not have each piece of it looked at and described. */
const MAX_VALIDATION_ERRORS = 5;

/**
 * Apollo Server, not started. It parses and validates a document when it comes for the first time, executes operations
 * that are traced, and shows Sandbox. What is prepared is executed by its plan.
 */
export function createApolloServer(options: ApolloOptions): InstanceType<typeof ApolloServer<ApolloContext>> {
  const rules = [supportedOperations, ...limitRules(options.limits)];
  return new ApolloServer<ApolloContext>({
    schema: options.schema,
    logger: options.logger,
    // A rule of ours says what to do where it is off.
    introspection: true,
    validationRules: options.introspection ? rules : [noIntrospection, ...rules],
    validationOptions: { maxErrors: MAX_VALIDATION_ERRORS },
    hideSchemaDetailsFromClientErrors: options.hideSuggestions,
    includeStacktraceInErrorResponses: false,
    // It would keep every token of every document.
    documentStore: null,
    // Any client could fill a cache of automatic persisted queries. Trusted documents take their place.
    persistedQueries: false,
    // Requests come to it past its HTTP side.
    csrfPrevention: false,
    stopOnTerminationSignals: false,
    formatError: (_formatted, error) => formatError(error),
    plugins: [
      handOver,
      ...options.plugins,
      // It would wrap every resolver, for answers that are never cached.
      ApolloServerPluginCacheControlDisabled(),
      ApolloServerPluginUsageReportingDisabled(),
      ApolloServerPluginSchemaReportingDisabled(),
    ],
  });
}

/** Hands over what Apollo Server has validated, in place of executing it; and tells of errors before they are formatted. */
const handOver: ApolloServerPlugin<ApolloContext> = {
  async requestDidStart() {
    return {
      async responseForOperation({ contextValue, document, response }) {
        if (contextValue.validated === undefined) {
          detachFromText(document);
          return null;
        }
        contextValue.validated(document);
        return { http: response.http, body: { kind: 'single', singleResult: {} } };
      },
      async didEncounterErrors({ contextValue, errors }) {
        for (const error of errors) contextValue.failed(error);
      },
    };
  },
};
