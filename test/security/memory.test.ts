import { once } from 'node:events';
import { Agent, request } from 'node:http';
import { text } from 'node:stream/consumers';
import { expect, onTestFinished, test } from 'vitest';
import { COLLECT, collectGarbage } from '../resilience/collect-garbage.ts';
import { startRestApi } from '../support/rest-api.ts';
import { startTestService } from '../support/test-service.ts';

/** How long to go on: longer before a change lands. */
const SOAK = Number(process.env.SOAK ?? 1);

/** Starts the service; gives what sends a request to it, and what tells the megabytes of its heap. */
async function start() {
  const { url: UPSTREAM_URL } = await startRestApi();
  const service = await startTestService({ LOG_LEVEL: 'silent', UPSTREAM_URL }, COLLECT);
  const agent = new Agent({ keepAlive: true, maxSockets: 4 });
  onTestFinished(() => agent.destroy());
  const send = async (parameters: unknown): Promise<string> => {
    const headers = { 'content-type': 'application/json' };
    const outgoing = request(`${service.url}/graphql`, { method: 'POST', agent, headers });
    outgoing.end(JSON.stringify(parameters));
    const [response] = await once(outgoing, 'response');
    return text(response);
  };
  return { send, heap: async () => (await collectGarbage(service)).heap };
}

/** Sends so many requests, a few at a time. */
async function sendAll(count: number, send: (index: number) => Promise<unknown>): Promise<void> {
  let next = 0;
  const sendInTurn = async () => {
    while (next < count) await send(next++);
  };
  await Promise.all([sendInTurn(), sendInTurn(), sendInTurn(), sendInTurn()]);
}

/** Lists and single users below each other: few nodes, and a plan of a thousand fields for each combination of conditions. */
function broadDocument(index: number) {
  const names = ['a', 'b', 'c', 'd'];
  const fragments = [0, 1, 2, 3].map(
    (level) => `fragment F${level} on CommunityUser {
      community { user(userId: "u") { ...F${level + 1} } users(userIds: ["u"]) { ...F${level + 1} } }
    }`,
  );
  const query = `query Q${Math.floor(index / 16)}(${names.map((name) => `$${name}: Boolean!`).join(' ')}) {
    ${names.map((name) => `__typename @skip(if: $${name})`).join(' ')}
    one: communityUser(communityId: "c", userId: "u") { ...F0 }
    many: communityUsers(communityId: "c", userIds: ["u"]) { ...F0 }
  } ${fragments.join(' ')} fragment F4 on CommunityUser { _id id avatar username email }`;
  const variables = Object.fromEntries(names.map((name, bit) => [name, ((index >> bit) & 1) === 1]));
  return { query, variables };
}

// Where it keeps all of it, that is more: of each case 27 or 45 MB, and twice as much that is made of valid documents.
test.each<[what: string, count: number, maxGrowthMb: number, (index: number) => unknown]>([
  ['distinct documents', 300, 65, (index) => ({ query: `{ ${'k'.repeat(90_000)}${index}: __typename }` })],
  [
    'documents full of comments',
    500,
    30,
    (index) => ({ query: `${'# a comment\n'.repeat(7500)}{ a${index}: __typename }` }),
  ],
  ['documents that are refused', 300, 23, (index) => ({ query: `{ ${'k'.repeat(90_000)}${index} }` })],
  [
    'documents with a mistake in very many places',
    600,
    23,
    (index) => ({ query: `{ c${index}: communityUser(${'a: 1 '.repeat(990)}) { id } }` }),
  ],
  ['documents whose plans are many and large', 640, 35, broadDocument],
  [
    'names of operations that a document does not have',
    50,
    30,
    (index) => ({ query: '{ __typename }', operationName: `${index}${'n'.repeat(900_000)}` }),
  ],
])(
  'the service keeps no more than it has room for, whatever anybody sends: %s',
  async (_what, count, maxGrowthMb, parameters) => {
    const { send, heap } = await start();
    await send(parameters(-1));
    const before = await heap();
    await sendAll(count * SOAK, (index) => send(parameters(index)));
    expect((await heap()) - before).toBeLessThan(maxGrowthMb);
    expect(JSON.parse(await send({ query: '{ __typename }' }))).toEqual({ data: { __typename: 'Query' } });
  },
);
