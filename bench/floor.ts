/**
 * The cost floor: what the same upstream GETs, the same JSON in and out cost on bare `node:http` and undici's
 * `dispatch`, with no GraphQL at all. It knows the operations beforehand and recognises them by name.
 */
import { createServer, type ServerResponse } from 'node:http';
import { type Dispatcher, Pool } from 'undici';
import { type Alias, fieldWorks, listFields, listOperationName, works } from './works.ts';

type User = Record<string, unknown>;
interface Answered {
  user: User | null;
}
interface Wanted extends Answered {
  flags: number;
}
interface FlaggedAlias extends Alias {
  readonly flags: number;
}
interface GraphQLRequest {
  readonly operationName: string;
  readonly variables: Record<string, string> & { readonly ids?: readonly string[] };
}

const pool = new Pool(process.env.UPSTREAM_URL ?? '', { connections: 64, pipelining: 1, allowH2: false });
const restFields = [
  ...['_id', 'id', 'avatar', 'displayName', 'username'],
  ...['firstName', 'lastName', 'email', 'isOnline', 'lastLogin'],
];
// Sets of fields are bits, and the query string of each set is made once.
const queryStrings = Array.from({ length: 1 << restFields.length }, (_, flags) =>
  restFields.filter((_, bit) => flags & (1 << bit)).join('&'),
);
const listFlags = flagsOf(listFields);
const aliasesOf = new Map(
  [...works, ...fieldWorks].map((work) => [work.operationName, work.aliases.map(withFlags)]),
);
const answerHeaders = { 'content-type': 'application/json; charset=utf-8', 'cache-control': 'no-store' };

createServer((request, response) => {
  const chunks: Buffer[] = [];
  request.on('data', (chunk) => chunks.push(chunk));
  request.on('end', () => {
    const [first] = chunks;
    const body = first && chunks.length === 1 ? first : Buffer.concat(chunks);
    answer(JSON.parse(body.toString()), request.headers.authorization ?? '', response);
  });
}).listen(Number(process.env.PORT), process.env.HOST);

function answer(request: GraphQLRequest, authorization: string, response: ServerResponse): void {
  const { operationName, variables } = request;
  if (operationName === listOperationName) answerList(variables, authorization, response);
  else answerAliases(aliasesOf.get(operationName) ?? [], variables, authorization, response);
}

function answerAliases(
  aliases: readonly FlaggedAlias[],
  variables: GraphQLRequest['variables'],
  authorization: string,
  response: ServerResponse,
): void {
  const users = new Map<string, Wanted>();
  for (const alias of aliases) {
    const userId = variables[alias.variable] ?? '';
    const wanted = users.get(userId);
    if (wanted) wanted.flags |= alias.flags;
    else users.set(userId, { flags: alias.flags, user: null });
  }
  let pending = users.size;
  const done = () => {
    pending -= 1;
    if (pending > 0) return;
    const data: User = {};
    for (const alias of aliases) {
      const wanted = users.get(variables[alias.variable] ?? '');
      data[alias.name] = wanted?.user ? pick(wanted.user, alias.fields) : null;
    }
    send(response, data);
  };
  for (const [userId, wanted] of users) get(variables.c, userId, wanted.flags, authorization, wanted, done);
}

function answerList(
  variables: GraphQLRequest['variables'],
  authorization: string,
  response: ServerResponse,
): void {
  const users = new Map<string, Answered>();
  for (const userId of variables.ids ?? []) users.set(userId, { user: null });
  let pending = users.size;
  const done = () => {
    pending -= 1;
    if (pending > 0) return;
    const communityUsers = (variables.ids ?? []).map((userId) => {
      const user = users.get(userId)?.user;
      return user ? pick(user, listFields) : null;
    });
    send(response, { communityUsers });
  };
  for (const [userId, wanted] of users) get(variables.c, userId, listFlags, authorization, wanted, done);
}

function get(
  communityId: string | undefined,
  userId: string,
  flags: number,
  authorization: string,
  into: Answered,
  done: () => void,
): void {
  const path = `/apis/v1/communities/${communityId}/users/${userId}?${queryStrings[flags]}`;
  pool.dispatch({ method: 'GET', path, headers: { authorization } }, new Collector(into, done));
}

class Collector implements Dispatcher.DispatchHandler {
  readonly #into: Answered;
  readonly #done: () => void;
  readonly #chunks: Buffer[] = [];
  #status = 0;

  constructor(into: Answered, done: () => void) {
    this.#into = into;
    this.#done = done;
  }
  onRequestStart(): void {}
  onResponseStart(_controller: Dispatcher.DispatchController, status: number): void {
    this.#status = status;
  }
  onResponseData(_controller: Dispatcher.DispatchController, chunk: Buffer): void {
    this.#chunks.push(chunk);
  }
  onResponseEnd(): void {
    const [first] = this.#chunks;
    const body = first && this.#chunks.length === 1 ? first : Buffer.concat(this.#chunks);
    if (this.#status === 200) this.#into.user = JSON.parse(body.toString()).data;
    this.#done();
  }
  onResponseError(): void {
    this.#done();
  }
}

function withFlags(alias: Alias): FlaggedAlias {
  return { ...alias, flags: flagsOf(alias.fields) };
}

function flagsOf(fields: readonly string[]): number {
  return fields.reduce((flags, field) => flags | (1 << restFields.indexOf(field)), 0);
}

function pick(user: User, fields: readonly string[]): User {
  const picked: User = {};
  for (const field of fields) picked[field] = user[field] ?? null;
  return picked;
}

function send(response: ServerResponse, data: User): void {
  const body = JSON.stringify({ data });
  // With its length known the answer is one write; without, it goes out in chunks, which costs more.
  response.writeHead(200, { ...answerHeaders, 'content-length': Buffer.byteLength(body) });
  response.end(body);
}
