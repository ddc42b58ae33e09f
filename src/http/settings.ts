import type { QueryLimits } from '#graphql/limits/limits.ts';
import type { UpstreamOptions } from '#upstream/client.ts';

/** How the service runs. The settings come from environment variables, which README.md explains. */
export interface ServiceSettings {
  readonly port: number;
  readonly host: string;
  readonly adminPort: number | undefined;
  readonly production: boolean;
  /** The REST API; undefined stands for the embedded one, which is to be put in its place. */
  readonly upstreamUrl: URL | undefined;
  readonly upstream: Omit<UpstreamOptions, 'url'>;
  readonly maxRequestBytes: number;
  readonly maxResponseBytes: number;
  readonly limits: QueryLimits;
  readonly maxUsersPerOperation: number;
  readonly introspection: boolean;
  readonly upstreamReport: boolean;
  readonly federatedTracing: boolean;
  readonly corsOrigins: readonly (string | RegExp)[];
  /** Path of the manifest of trusted documents. */
  readonly persistedDocuments: string | undefined;
  readonly persistedDocumentsMode: 'allow' | 'log' | 'require';
}
