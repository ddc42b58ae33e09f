import { createRequire } from 'node:module';
import type * as Apollo from '@apollo/server';
import {
  ApolloServerPluginCacheControlDisabled,
  ApolloServerPluginInlineTraceDisabled,
  ApolloServerPluginLandingPageDisabled,
  ApolloServerPluginSchemaReportingDisabled,
  ApolloServerPluginUsageReportingDisabled,
} from '@apollo/server/plugin/disabled';
import type { DocumentNode, GraphQLSchema } from 'graphql';
import type { RequestLoader } from '#loader/request-loader.ts';
import { formatError } from '../errors.ts';
import type { QueryLimits } from '../limits/limits.ts';
import { documentRules } from '../limits/rules.ts';
import { detachFromText } from '../locations.ts';

/**
 * Apollo Server, as CommonJS: Node takes 30 ms longer to find and link its ES modules, which with those that they import
 * are 200 files.
 */
const { ApolloServer, HeaderMap }: typeof Apollo = createRequire(import.meta.url)('@apollo/server');

export { HeaderMap };

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
  /** Whether `apollo-federation-include-trace: ftv1` is answered. */
  readonly federatedTracing: boolean;
  /** What a browser sees at the GraphQL endpoint. */
  readonly landingPage: Apollo.ApolloServerPlugin | undefined;
}

/** Validation ends here: who sends nonsense on purpose shall not have each piece of it looked at and described. */
const MAX_VALIDATION_ERRORS = 5;

/**
 * Starts Apollo Server. It parses and validates a document when it comes for the first time, executes operations that are
 * traced, and shows Sandbox. What is prepared is executed by its plan.
 */
export async function startApolloServer(options: ApolloOptions): Promise<Apollo.ApolloServer<ApolloContext>> {
  const apollo = new ApolloServer<ApolloContext>({
    schema: options.schema,
    logger: options.logger,
    // A rule of ours says what to do where it is off.
    introspection: true,
    validationRules: documentRules(options.limits, options.introspection),
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
      options.landingPage ?? ApolloServerPluginLandingPageDisabled(),
      options.federatedTracing ? await inlineTrace() : ApolloServerPluginInlineTraceDisabled(),
      // It would wrap every resolver, for answers that are never cached.
      ApolloServerPluginCacheControlDisabled(),
      ApolloServerPluginUsageReportingDisabled(),
      ApolloServerPluginSchemaReportingDisabled(),
    ],
  });
  await apollo.start();
  return apollo;
}

/** It is loaded only where it is wanted, since it brings protobuf along. */
async function inlineTrace(): Promise<Apollo.ApolloServerPlugin> {
  const { ApolloServerPluginInlineTrace } = await import('@apollo/server/plugin/inlineTrace');
  return ApolloServerPluginInlineTrace({ includeErrors: { masked: true } });
}

/** Hands over what Apollo Server has validated, in place of executing it; and tells of errors before they are formatted. */
const handOver: Apollo.ApolloServerPlugin<ApolloContext> = {
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
