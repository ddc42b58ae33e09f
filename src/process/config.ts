import { availableParallelism } from 'node:os';
import type { ServiceSettings } from '#http/service.ts';

/** How the process runs. Comes from environment variables of the same names, which README.md explains. */
export interface Config extends ServiceSettings {
  readonly logLevel: (typeof LOG_LEVELS)[number];
  /** Whether OpenTelemetry's own variables ask for traces. */
  readonly tracing: boolean;
  /** Processes that share the port. */
  readonly workers: number;
}

const PERSISTED_DOCUMENTS_MODES = ['allow', 'log', 'require'] as const;
const LOG_LEVELS = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'] as const;

/** Every problem that the environment has, a line each. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
  readonly problems: readonly string[];
  constructor(problems: readonly string[]) {
    super(`The configuration is not valid:\n${problems.map((problem) => `  - ${problem}`).join('\n')}`);
    this.problems = problems;
  }
}

/**
 * Reads the configuration. An empty value counts as unset.
 * @throws ConfigError that names every problem at once
 */
export function readConfig(env: Readonly<Record<string, string | undefined>>): Config {
  const read = new EnvironmentReader(env);
  const { problems } = read;
  const production = read.text('NODE_ENV') === 'production';
  const config: Config = {
    port: read.integer('PORT', 4000, 0, 65_535),
    host: read.text('HOST') ?? '127.0.0.1',
    adminPort: read.text('ADMIN_PORT') === undefined ? undefined : read.integer('ADMIN_PORT', 0, 0, 65_535),
    production,
    upstreamUrl: read.httpUrl('UPSTREAM_URL'),
    upstream: {
      timeoutMs: read.integer('UPSTREAM_TIMEOUT_MS', 5000, 1, 600_000),
      maxAttempts: read.integer('UPSTREAM_ATTEMPTS', 3, 1, 100),
      connections: read.integer('UPSTREAM_CONNECTIONS', 64, 1, 65_535),
      connectionMaxAgeMs: read.integer('UPSTREAM_CONNECTION_MAX_AGE_MS', 60_000, 1, 86_400_000),
      maxBodyBytes: read.integer('UPSTREAM_MAX_BODY_BYTES', 262_144, 1, MAX_BYTES),
      // Tools differ in how they write these names; the lower case goes first, as in most of them.
      proxy: {
        httpsProxy: read.proxyUrl('https_proxy') ?? read.proxyUrl('HTTPS_PROXY'),
        httpProxy: read.proxyUrl('http_proxy') ?? read.proxyUrl('HTTP_PROXY'),
        noProxy: read.text('no_proxy') ?? read.text('NO_PROXY'),
      },
    },
    maxRequestBytes: read.integer('MAX_REQUEST_BYTES', 1_048_576, 1, MAX_BYTES),
    maxResponseBytes: read.integer('MAX_RESPONSE_BYTES', 4_194_304, 1, MAX_BYTES),
    limits: {
      maxBytes: read.integer('MAX_QUERY_BYTES', 102_400, 1, MAX_BYTES),
      maxTokens: read.integer('MAX_QUERY_TOKENS', 4000, 1, 100_000),
      maxDepth: read.integer('MAX_QUERY_DEPTH', 10, 1, 500),
      maxAliases: read.integer('MAX_QUERY_ALIASES', 100, 0, 1_000_000),
      maxDirectives: read.integer('MAX_QUERY_DIRECTIVES', 200, 0, 1_000_000),
    },
    maxUsersPerOperation: read.integer('MAX_USERS_PER_OPERATION', 500, 1, 1_000_000),
    introspection: read.boolean('INTROSPECTION', !production),
    upstreamReport: read.boolean('UPSTREAM_REPORT', !production),
    federatedTracing: read.boolean('FEDERATED_TRACING', false),
    corsOrigins: read.origins('CORS_ORIGINS') ?? (production ? [] : DEVELOPMENT_ORIGINS),
    persistedDocuments: read.text('PERSISTED_DOCUMENTS'),
    persistedDocumentsMode: read.oneOf('PERSISTED_DOCUMENTS_MODE', PERSISTED_DOCUMENTS_MODES, 'allow'),
    logLevel: read.oneOf('LOG_LEVEL', LOG_LEVELS, 'info'),
    tracing:
      TRACE_VARIABLES.some((name) => read.text(name) !== undefined) &&
      read.text('OTEL_SDK_DISABLED') !== 'true',
    workers: read.workers('WORKERS'),
  };
  if (production && read.text('UPSTREAM_URL') === undefined) {
    problems.push('UPSTREAM_URL is not set: with NODE_ENV=production it must name the REST API');
  }
  if (config.persistedDocumentsMode !== 'allow' && config.persistedDocuments === undefined) {
    problems.push(
      `PERSISTED_DOCUMENTS is not set: PERSISTED_DOCUMENTS_MODE=${config.persistedDocumentsMode} needs a manifest`,
    );
  }
  if (config.adminPort !== undefined && config.adminPort !== 0 && config.adminPort === config.port) {
    problems.push('ADMIN_PORT must differ from PORT');
  }
  if (problems.length > 0) throw new ConfigError(problems);
  return config;
}

/** OpenTelemetry's standard variables that name a collector; its SDK reads them, and the rest of them, by itself. */
const TRACE_VARIABLES = ['OTEL_EXPORTER_OTLP_ENDPOINT', 'OTEL_EXPORTER_OTLP_TRACES_ENDPOINT'];

const MAX_BYTES = 1_073_741_824;

/** Apollo's hosted Sandbox, and whatever a developer runs. */
const DEVELOPMENT_ORIGINS = [
  'https://studio.apollographql.com',
  /^https?:\/\/(?:localhost|127\.0\.0\.1|\[::1\])(?::\d+)?$/,
];

/** Reads single environment variables, and takes down what is wrong with them instead of throwing. */
class EnvironmentReader {
  readonly problems: string[] = [];
  readonly #env: Readonly<Record<string, string | undefined>>;

  constructor(env: Readonly<Record<string, string | undefined>>) {
    this.#env = env;
  }

  /** The value without white space around it; undefined where it is unset or empty. */
  text(name: string): string | undefined {
    return this.#env[name]?.trim() || undefined;
  }

  integer(name: string, fallback: number, min: number, max: number): number {
    const text = this.text(name) ?? String(fallback);
    const value = /^\d+$/.test(text) ? Number(text) : Number.NaN;
    if (value >= min && value <= max) return value;
    return this.#problem(
      `${name} must be a whole number from ${min} to ${max}, not ${quote(text)}`,
      fallback,
    );
  }

  boolean(name: string, fallback: boolean): boolean {
    return this.oneOf(name, ['true', 'false'], fallback ? 'true' : 'false') === 'true';
  }

  oneOf<const Value extends string>(name: string, values: readonly Value[], fallback: NoInfer<Value>): Value {
    const text = this.text(name) ?? fallback;
    const problem = `${name} must be one of ${values.join(', ')}, not ${quote(text)}`;
    return values.find((one) => one === text) ?? this.#problem(problem, fallback);
  }

  /** An http(s) address to put paths behind; no user, query or fragment, which would be lost or leak. */
  httpUrl(name: string): URL | undefined {
    const form = ' without user, query or fragment, such as https://api.example.com';
    return this.#url(name, form, (url) => url.username + url.password + url.search + url.hash === '');
  }

  /** The http(s) address of a proxy. It may hold a password, which no message repeats. */
  proxyUrl(name: string): string | undefined {
    return this.#url(name, ', such as http://proxy.example.com:3128', () => true)?.href;
  }

  /** Comma-separated origins, such as `https://app.example.com`. */
  origins(name: string): readonly string[] | undefined {
    const origins = this.text(name)
      ?.split(/\s*,\s*/)
      .filter((origin) => origin !== '');
    for (const origin of origins ?? []) {
      if (URL.parse(origin)?.origin === origin) continue;
      const problem = `${name} holds ${quote(origin)}, which is not an origin such as https://app.example.com`;
      this.#problem(problem, undefined);
    }
    return origins;
  }

  /** A number of processes; `auto` is one for each core. */
  workers(name: string): number {
    return this.text(name) === 'auto' ? availableParallelism() : this.integer(name, 1, 1, 256);
  }

  #url(name: string, form: string, fits: (url: URL) => boolean): URL | undefined {
    const text = this.text(name);
    if (text === undefined) return undefined;
    const url = URL.parse(text);
    if (url !== null && /^https?:$/.test(url.protocol) && fits(url)) return url;
    return this.#problem(`${name} must be an http:// or https:// address${form}`, undefined);
  }

  #problem<Fallback>(message: string, fallback: Fallback): Fallback {
    this.problems.push(message);
    return fallback;
  }
}

/** Short, since a value may be anything; on one line, since every problem is. */
function quote(value: string): string {
  return JSON.stringify(value.slice(0, 60));
}
