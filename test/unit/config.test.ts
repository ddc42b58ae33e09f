import { availableParallelism } from 'node:os';
import { describe, expect, test } from 'vitest';
import { ConfigError, readConfig } from '#process/config.ts';

function problemsOf(env: Record<string, string>): readonly string[] {
  try {
    readConfig(env);
    return [];
  } catch (error) {
    if (error instanceof ConfigError) return error.problems;
    throw error;
  }
}

test('an empty environment is good for development', () => {
  expect(readConfig({})).toEqual({
    port: 4000,
    host: '127.0.0.1',
    adminPort: undefined,
    production: false,
    upstreamUrl: undefined,
    upstream: {
      timeoutMs: 5000,
      maxAttempts: 3,
      connections: 64,
      connectionMaxAgeMs: 60_000,
      maxBodyBytes: 262_144,
      proxy: {},
    },
    maxRequestBytes: 1_048_576,
    maxResponseBytes: 4_194_304,
    limits: {
      maxBytes: 102_400,
      maxTokens: 4000,
      maxDepth: 10,
      maxAliases: 100,
      maxDirectives: 200,
    },
    maxUsersPerOperation: 500,
    introspection: true,
    upstreamReport: true,
    federatedTracing: false,
    corsOrigins: ['https://studio.apollographql.com', expect.any(RegExp)],
    persistedDocuments: undefined,
    persistedDocumentsMode: 'allow',
    logLevel: 'info',
    tracing: false,
    workers: 1,
  });
});

test('every variable is read', () => {
  expect(
    readConfig({
      PORT: '0',
      HOST: '::1',
      ADMIN_PORT: '9000',
      NODE_ENV: 'production',
      UPSTREAM_URL: 'https://api.example.com/v2',
      UPSTREAM_TIMEOUT_MS: '250',
      UPSTREAM_ATTEMPTS: '1',
      UPSTREAM_CONNECTIONS: '8',
      UPSTREAM_CONNECTION_MAX_AGE_MS: '30000',
      UPSTREAM_MAX_BODY_BYTES: '1000',
      HTTPS_PROXY: 'http://user:password@proxy.example.com:3128',
      HTTP_PROXY: 'https://proxy.example.com',
      NO_PROXY: 'localhost, .example.com',
      MAX_REQUEST_BYTES: '2000',
      MAX_RESPONSE_BYTES: '3000',
      MAX_QUERY_BYTES: '4000',
      MAX_QUERY_TOKENS: '300',
      MAX_QUERY_DEPTH: '4',
      MAX_QUERY_ALIASES: '0',
      MAX_QUERY_DIRECTIVES: '1',
      MAX_USERS_PER_OPERATION: '5',
      INTROSPECTION: 'true',
      UPSTREAM_REPORT: 'true',
      FEDERATED_TRACING: 'true',
      CORS_ORIGINS: 'https://app.example.com, http://localhost:3000',
      PERSISTED_DOCUMENTS: 'documents.json',
      PERSISTED_DOCUMENTS_MODE: 'require',
      LOG_LEVEL: 'silent',
      OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:4318',
      WORKERS: '2',
    }),
  ).toEqual({
    port: 0,
    host: '::1',
    adminPort: 9000,
    production: true,
    upstreamUrl: new URL('https://api.example.com/v2'),
    upstream: {
      timeoutMs: 250,
      maxAttempts: 1,
      connections: 8,
      connectionMaxAgeMs: 30_000,
      maxBodyBytes: 1000,
      proxy: {
        httpsProxy: 'http://user:password@proxy.example.com:3128/',
        httpProxy: 'https://proxy.example.com/',
        noProxy: 'localhost, .example.com',
      },
    },
    maxRequestBytes: 2000,
    maxResponseBytes: 3000,
    limits: {
      maxBytes: 4000,
      maxTokens: 300,
      maxDepth: 4,
      maxAliases: 0,
      maxDirectives: 1,
    },
    maxUsersPerOperation: 5,
    introspection: true,
    upstreamReport: true,
    federatedTracing: true,
    corsOrigins: ['https://app.example.com', 'http://localhost:3000'],
    persistedDocuments: 'documents.json',
    persistedDocumentsMode: 'require',
    logLevel: 'silent',
    tracing: true,
    workers: 2,
  });
});

test('production shows nothing to explorers and trusts no origin, unless told to', () => {
  const production = { NODE_ENV: 'production', UPSTREAM_URL: 'https://api.example.com' };
  expect(readConfig(production)).toMatchObject({
    production: true,
    introspection: false,
    upstreamReport: false,
    corsOrigins: [],
  });
  expect(readConfig({ NODE_ENV: 'development' })).toMatchObject({ production: false, introspection: true });
});

test('production refuses to start without a REST API', () => {
  expect(problemsOf({ NODE_ENV: 'production' })).toEqual([
    expect.stringMatching(/^UPSTREAM_URL .*production/),
  ]);
  expect(problemsOf({ NODE_ENV: 'production', UPSTREAM_URL: ' ' })).toHaveLength(1);
});

test('an empty value counts as unset, and white space around one as nothing', () => {
  expect(readConfig({ PORT: '', HOST: ' ', UPSTREAM_URL: '', LOG_LEVEL: '' })).toEqual(readConfig({}));
  expect(readConfig({ PORT: ' 80 ' }).port).toBe(80);
});

test.each([
  ['PORT', ['abc', '-1', '65536', '1.5', '0x50', '1e3', '80 81', 'NaN', 'Infinity']],
  ['ADMIN_PORT', ['abc', '65536']],
  ['UPSTREAM_TIMEOUT_MS', ['0', '5s', '-5', '600001']],
  ['UPSTREAM_ATTEMPTS', ['0', 'three']],
  ['UPSTREAM_CONNECTIONS', ['0', '65536']],
  ['UPSTREAM_CONNECTION_MAX_AGE_MS', ['0', '1m', '86400001']],
  ['UPSTREAM_MAX_BODY_BYTES', ['0', '256k']],
  ['MAX_REQUEST_BYTES', ['0', '100kb']],
  ['MAX_RESPONSE_BYTES', ['0', '4MB']],
  ['MAX_QUERY_BYTES', ['0', '1e5']],
  ['MAX_QUERY_TOKENS', ['0', '100001']],
  ['MAX_QUERY_DEPTH', ['0', '501']],
  ['MAX_QUERY_ALIASES', ['-1', '1000001']],
  ['MAX_QUERY_DIRECTIVES', ['-1', 'many']],
  ['MAX_USERS_PER_OPERATION', ['0', 'all']],
  ['INTROSPECTION', ['yes', '1', 'TRUE']],
  ['UPSTREAM_REPORT', ['on', 'False']],
  ['FEDERATED_TRACING', ['ftv1', '0']],
  ...['HTTPS_PROXY', 'https_proxy', 'HTTP_PROXY', 'http_proxy'].map((name): [string, string[]] => [
    name,
    ['proxy.example.com:3128', 'socks5://proxy.example.com', 'http://', 'http://proxy.example.com:99999'],
  ]),
  [
    'UPSTREAM_URL',
    [
      'ftp://x',
      'api.example.com',
      'file:///etc/passwd',
      'https://',
      'https://user@example.com',
      'https://:password@example.com',
      'https://example.com/?key=1',
      'https://example.com/#there',
    ],
  ],
  [
    'CORS_ORIGINS',
    ['*', 'app.example.com', 'https://app.example.com/', 'https://app.example.com/path', 'null'],
  ],
  ['PERSISTED_DOCUMENTS_MODE', ['deny', 'Allow']],
  ['LOG_LEVEL', ['verbose', 'INFO']],
  ['WORKERS', ['0', '257', 'many']],
])('%s is refused by its name where it is one of %j', (name, values) => {
  for (const value of values) expect(problemsOf({ [name]: value })).toEqual([expect.stringContaining(name)]);
});

test.each([
  [{ PERSISTED_DOCUMENTS_MODE: 'require' }, /^PERSISTED_DOCUMENTS /],
  [{ PERSISTED_DOCUMENTS_MODE: 'log' }, /^PERSISTED_DOCUMENTS /],
  [{ PORT: '5000', ADMIN_PORT: '5000' }, /^ADMIN_PORT /],
])('what does not go together is refused: %j', (env, problem) => {
  expect(problemsOf(env)).toEqual([expect.stringMatching(problem)]);
});

test('two free ports are two different ports', () => {
  expect(readConfig({ PORT: '0', ADMIN_PORT: '0' })).toMatchObject({ port: 0, adminPort: 0 });
});

test('every problem is named at once, a line each', () => {
  const env = {
    PORT: 'abc',
    UPSTREAM_URL: 'ftp://x',
    LOG_LEVEL: 'loud\nPORT is fine',
    CORS_ORIGINS: 'https://good.example.com,bad,worse',
    NODE_ENV: 'production',
  };
  const problems = problemsOf(env);
  expect(problems.map((problem) => problem.split(' ')[0])).toEqual([
    'PORT',
    'UPSTREAM_URL',
    'CORS_ORIGINS',
    'CORS_ORIGINS',
    'LOG_LEVEL',
  ]);
  expect(() => readConfig(env)).toThrow(ConfigError);
  const { message } = new ConfigError(problems);
  expect(message.split('\n')).toHaveLength(1 + problems.length);
  for (const problem of problems) expect(message).toContain(problem);
});

test('a value is repeated in short', () => {
  const [problem = ''] = problemsOf({ PORT: 'x'.repeat(1000) });
  expect(problem).toContain('xxx');
  expect(problem.length).toBeLessThan(200);
});

test.each(['UPSTREAM_URL', 'HTTPS_PROXY', 'http_proxy'])(
  'a password in an address is not repeated: %s',
  (name) => {
    const [problem] = problemsOf({ [name]: 'ftp://admin:hunter2@example.com' });
    expect(problem).toContain(name);
    expect(problem).not.toContain('hunter2');
  },
);

describe('a proxy', () => {
  test('may be named in lower case, which goes first', () => {
    const env = { HTTPS_PROXY: 'http://upper', https_proxy: 'http://lower', no_proxy: 'a', NO_PROXY: 'b' };
    expect(readConfig(env).upstream.proxy).toEqual({ httpsProxy: 'http://lower/', noProxy: 'a' });
  });

  test('is none where its name is empty', () => {
    expect(readConfig({ HTTPS_PROXY: '', http_proxy: ' ', NO_PROXY: '' }).upstream.proxy).toEqual({});
  });
});

describe('processes', () => {
  test('are as many as there are cores where it is left to the machine', () => {
    expect(readConfig({ WORKERS: 'auto' }).workers).toBe(availableParallelism());
  });
});

describe('traces', () => {
  test.each([
    [{ OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: 'http://127.0.0.1:4318/v1/traces' }, true],
    [{ OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:4318', OTEL_SDK_DISABLED: 'true' }, false],
    [{ OTEL_EXPORTER_OTLP_ENDPOINT: '' }, false],
    [{ OTEL_SERVICE_NAME: 'x' }, false],
  ])('%j: %s', (env, tracing) => {
    expect(readConfig(env).tracing).toBe(tracing);
  });
});

describe("a developer's origins", () => {
  const pattern = readConfig({}).corsOrigins.find((origin) => origin instanceof RegExp);

  test.each(['http://localhost', 'http://localhost:3000', 'https://127.0.0.1:8443', 'http://[::1]:5173'])(
    '%s is one',
    (origin) => {
      expect(pattern?.test(origin)).toBe(true);
    },
  );

  test.each([
    'http://localhost.evil.example',
    'http://evil.example/http://localhost',
    'http://localhost:3000.evil.example',
    'http://127.0.0.1.evil.example',
    'file://localhost',
    'null',
  ])('%s is none', (origin) => {
    expect(pattern?.test(origin)).toBe(false);
  });
});
