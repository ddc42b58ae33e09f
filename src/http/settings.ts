/** How the service runs. Each setting comes from an environment variable of the same name, which README.md explains. */
export interface ServiceSettings {
  readonly port: number;
  readonly host: string;
  readonly adminPort: number | undefined;
  readonly production: boolean;
  /** The REST API; undefined stands for the embedded one, which is to be put in its place. */
  readonly upstreamUrl: URL | undefined;
  readonly upstreamTimeoutMs: number;
  readonly upstreamAttempts: number;
  readonly upstreamConnections: number;
  readonly upstreamConnectionMaxAgeMs: number;
  readonly upstreamMaxBodyBytes: number;
  readonly proxy: ProxySettings;
  readonly maxRequestBytes: number;
  readonly maxResponseBytes: number;
  readonly maxQueryBytes: number;
  readonly maxQueryTokens: number;
  readonly maxQueryDepth: number;
  readonly maxQueryAliases: number;
  readonly maxQueryDirectives: number;
  readonly maxUsersPerOperation: number;
  readonly introspection: boolean;
  readonly upstreamReport: boolean;
  readonly federatedTracing: boolean;
  readonly corsOrigins: readonly (string | RegExp)[];
  /** Path of the manifest of trusted documents. */
  readonly persistedDocuments: string | undefined;
  readonly persistedDocumentsMode: 'allow' | 'log' | 'require';
}

/** The way to the REST API, as the usual variables say it. The addresses may hold a password. */
export interface ProxySettings {
  readonly httpsProxy?: string;
  readonly httpProxy?: string;
  /** Hosts that are reached without a proxy. */
  readonly noProxy?: string;
}
