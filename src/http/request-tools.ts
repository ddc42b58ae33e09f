import type { ApolloServerPlugin } from '@apollo/server';
import {
  ApolloServerPluginInlineTraceDisabled,
  ApolloServerPluginLandingPageDisabled,
} from '@apollo/server/plugin/disabled';
import { ManifestError } from '#graphql/documents/manifest.ts';
import { TrustedDocuments, withoutLayout } from '#graphql/documents/trusted-documents.ts';
import { readTrustedManifest } from '#graphql/documents/trusted-manifest.ts';
import type { Entity } from '#graphql/entities/define-entity.ts';
import { entities } from '#graphql/entities/index.ts';
import { createApolloServer } from '#graphql/operations/apollo.ts';
import { Operations } from '#graphql/operations/operations.ts';
import type { RequestTools } from '#graphql/pipeline/request.ts';
import { createSchema, readSdl } from '#graphql/schema.ts';
import type { Logger } from '#telemetry/logger.ts';
import type { UpstreamClient } from '#upstream/client.ts';
import { StartError } from './listener.ts';
import type { ServiceSettings } from './settings.ts';

/** A schema, and the entities that it is made of. */
export interface ServedSchema {
  readonly sdl: string;
  readonly entities: readonly Entity[];
}

export interface RequestToolsOptions {
  readonly logger: Logger;
  readonly upstream: UpstreamClient;
  /** A token of the embedded REST API. */
  readonly exampleToken?: string | undefined;
  readonly schema?: ServedSchema | undefined;
}

/**
 * What GraphQL requests are answered with: schema, Apollo Server (started), operations and trusted documents.
 * @throws StartError where the trusted documents can't be read or executed
 */
export async function createRequestTools(
  settings: ServiceSettings,
  { logger, upstream, exampleToken, schema = { sdl: readSdl(), entities } }: RequestToolsOptions,
): Promise<RequestTools> {
  const { production, introspection, federatedTracing, limits } = settings;
  const context = createSchema(schema.sdl, schema.entities);
  const apollo = createApolloServer({
    schema: context.schema,
    limits,
    introspection,
    hideSuggestions: production,
    logger,
    plugins: [await landingPage(production, exampleToken), await federatedTraces(federatedTracing)],
  });
  await apollo.start();
  const operations = new Operations(context, limits, apollo);
  return {
    operations,
    apollo,
    upstream,
    documents: await trustedDocuments(settings, operations, exampleToken),
    maxItems: settings.maxUsersPerOperation,
    maxResponseBytes: settings.maxResponseBytes,
    federatedTracing,
    hideSuggestions: production,
  };
}

async function landingPage(
  production: boolean,
  exampleToken: string | undefined,
): Promise<ApolloServerPlugin> {
  if (production) return ApolloServerPluginLandingPageDisabled();
  const { sandboxPlugin } = await import('./explorers/sandbox.ts');
  return sandboxPlugin(exampleToken);
}

/** Answers `apollo-federation-include-trace: ftv1`; loaded only where that is wanted, since it brings protobuf along. */
async function federatedTraces(wanted: boolean): Promise<ApolloServerPlugin> {
  if (!wanted) return ApolloServerPluginInlineTraceDisabled();
  const { ApolloServerPluginInlineTrace } = await import('@apollo/server/plugin/inlineTrace');
  return ApolloServerPluginInlineTrace({ includeErrors: { masked: true } });
}

async function trustedDocuments(
  { persistedDocuments: path, persistedDocumentsMode: mode, production }: ServiceSettings,
  operations: Operations,
  exampleToken: string | undefined,
): Promise<TrustedDocuments | undefined> {
  if (path === undefined) return undefined;
  const exploring = production ? undefined : { examples: await exampleDocuments(exampleToken), operations };
  try {
    return new TrustedDocuments(await readTrustedManifest(path, operations), mode, exploring);
  } catch (error) {
    throw error instanceof ManifestError ? new StartError(`PERSISTED_DOCUMENTS: ${error.message}`) : error;
  }
}

async function exampleDocuments(exampleToken: string | undefined): Promise<readonly string[]> {
  const { example, explorerTabs } = await import('./explorers/example.ts');
  return [example, ...explorerTabs(exampleToken)].map(({ query }) => withoutLayout(query));
}
