import { setImmediate } from 'node:timers/promises';
import { pino } from 'pino';
import { entities } from '#graphql/entities/index.ts';
import type { QueryLimits } from '#graphql/limits/limits.ts';
import { startApolloServer } from '#graphql/operations/apollo.ts';
import { Operations } from '#graphql/operations/operations.ts';
import { MEDIA_TYPES, type Reply } from '#graphql/pipeline/reply.ts';
import { GraphQLRequest, type RequestTools } from '#graphql/pipeline/request.ts';
import { createSchema, readSdl } from '#graphql/schema.ts';
import { Metrics } from '#telemetry/metrics.ts';
import { Telemetry } from '#telemetry/telemetry.ts';
import type { ResourceReader } from '#upstream/fetch.ts';

/** How an operation is sent. */
export interface Sent {
  /** JSON. */
  readonly body: string;
  readonly hasToken: boolean;
  /** Whether the newer media type is accepted. */
  readonly newer: boolean;
}

/** The way of a request from its body to its reply, as the service has it, without HTTP. */
export interface Pipeline {
  answer(sent: Sent, upstream: ResourceReader): Promise<Reply>;
  /** Log lines of what nobody foresaw. */
  readonly unexpected: readonly string[];
  stop(): Promise<void>;
}

/** Generated operations may be large; limits have tests of their own. */
const LIMITS: QueryLimits = {
  maxBytes: 1_000_000,
  maxTokens: 100_000,
  maxDepth: 100,
  maxAliases: 10_000,
  maxDirectives: 10_000,
};

/** Starts it; `traced`: every operation is traced for a router, so that graphql-js executes it. */
export async function startPipeline({ traced = false } = {}): Promise<Pipeline> {
  const unexpected: string[] = [];
  const logger = pino({ level: 'error' }, { write: (line) => unexpected.push(line) });
  const metrics = new Metrics({
    upstream: () => ({ breaker: 'closed', connections: 0, inFlight: 0, waiting: 0 }),
  });
  const telemetry = new Telemetry({ logger, metrics, reportAllowed: false });
  const context = createSchema(readSdl(), entities);
  const apollo = await startApolloServer({
    schema: context.schema,
    limits: LIMITS,
    introspection: true,
    hideSuggestions: false,
    logger,
    federatedTracing: traced,
    landingPage: undefined,
  });
  const tools: Omit<RequestTools, 'upstream'> = {
    operations: new Operations(context, LIMITS, apollo),
    apollo,
    documents: undefined,
    maxItems: 1000,
    maxResponseBytes: 10_000_000,
    federatedTracing: traced,
    hideSuggestions: false,
  };
  return {
    unexpected,
    answer({ body, hasToken, newer }, upstream) {
      const requestId = 'request-1';
      const headers = {
        ...(hasToken && { authorization: 'Bearer token' }),
        ...(traced && { 'apollo-federation-include-trace': 'ftv1' }),
      };
      const scope = telemetry.begin({ requestId, method: 'POST', route: '/graphql', headers });
      const head = { method: 'POST', headers, search: '', requestId };
      const mediaType = MEDIA_TYPES[newer ? 1 : 0];
      return soon(new GraphQLRequest({ ...tools, upstream }, head, mediaType, scope).answer(body));
    },
    stop: () => apollo.stop(),
  };
}

/** Turns of the event loop that no operation needs, of which none waits for a clock or a socket. */
const MAX_TURNS = 10_000;

/** Tells an operation that is never answered from one that is. */
async function soon<Value>(answer: Promise<Value>): Promise<Value> {
  let isSettled = false;
  const settled = () => {
    isSettled = true;
  };
  answer.then(settled, settled);
  for (let turn = 0; !isSettled; turn++) {
    if (turn === MAX_TURNS) throw new Error('The operation is not answered');
    await setImmediate();
  }
  return answer;
}
