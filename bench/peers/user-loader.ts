import DataLoader from 'dataloader';
import { Pool } from 'undici';
import { type RestUser, restFields } from './schema.ts';

interface UserKey {
  readonly communityId: string;
  readonly userId: string;
  readonly fields: ReadonlySet<string>;
}

export type UserLoader = DataLoader<UserKey, RestUser | null, string>;

const pool = new Pool(process.env.UPSTREAM_URL ?? '', { connections: 64, allowH2: false });

/**
 * A DataLoader for one request. It merges what the layer merges: all selections of one user become one GET with the
 * union of their fields. There is no retry, breaker, deadline, limit, log or metric.
 */
export function createUserLoader(authorization: string): UserLoader {
  return new DataLoader<UserKey, RestUser | null, string>((keys) => loadUsers(keys, authorization), {
    // Two selections of one user differ: the batch merges them, so the loader must not.
    cache: false,
  });
}

async function loadUsers(
  keys: readonly UserKey[],
  authorization: string,
): Promise<(RestUser | null | Error)[]> {
  const users = new Map<string, { readonly key: UserKey; readonly fields: Set<string> }>();
  for (const key of keys) {
    const id = `${key.communityId}/${key.userId}`;
    const user = users.get(id) ?? { key, fields: new Set() };
    for (const field of key.fields) user.fields.add(field);
    users.set(id, user);
  }
  const answers = new Map<string, Promise<RestUser | null | Error>>();
  for (const [id, { key, fields }] of users) {
    answers.set(id, getUser(key, fields, authorization).catch(toError));
  }
  return Promise.all(keys.map((key) => answers.get(`${key.communityId}/${key.userId}`) ?? null));
}

async function getUser(
  key: UserKey,
  fields: ReadonlySet<string>,
  authorization: string,
): Promise<RestUser | null> {
  const flags = restFields.filter((field) => fields.has(field)).join('&');
  const path = `/apis/v1/communities/${key.communityId}/users/${key.userId}?${flags}`;
  const { statusCode, body } = await pool.request({ method: 'GET', path, headers: { authorization } });
  if (statusCode === 200) return dataOf(await body.json());
  await body.dump();
  if (statusCode === 404) return null;
  throw new Error(`the REST API answered ${statusCode}`);
}

function dataOf(body: unknown): RestUser {
  if (typeof body === 'object' && body !== null && 'data' in body && isRecord(body.data)) return body.data;
  throw new Error('the REST API answered without data');
}

function isRecord(value: unknown): value is RestUser {
  return typeof value === 'object' && value !== null;
}

function toError(reason: unknown): Error {
  return reason instanceof Error ? reason : new Error(String(reason));
}
