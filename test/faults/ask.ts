import { expect } from 'vitest';
import { type Answer, type Layer, startLayer } from '../support/layer.ts';
import { SECRET } from './replies.ts';
import { type Script, type ScriptedApi, startScriptedApi } from './scripted-api.ts';

export interface Scene {
  readonly api: ScriptedApi;
  readonly layer: Layer;
}

/** The layer over a scripted REST API. */
export async function startScene(script: Script, env: Readonly<Record<string, string>> = {}): Promise<Scene> {
  const api = await startScriptedApi(script);
  const layer = await startLayer({ restApi: api, env });
  return { api, layer };
}

/** What became of one user. */
export interface UserAnswer {
  readonly user: Readonly<Record<string, unknown>> | null | undefined;
  readonly code: unknown;
  readonly retryable: unknown;
  readonly extensions: Readonly<Record<string, unknown>>;
}

export const token = 'a-token-that-nobody-may-repeat';

/** Asks for one user; whatever came, sees to it that it gives nothing away. */
export async function askUser(
  { layer, api }: Scene,
  fields = '_id firstName',
  userId = 'u1',
): Promise<UserAnswer> {
  const answer = await layer.query(
    `{ communityUser(communityId: "c1", userId: "${userId}") { ${fields} } }`,
    {
      token,
    },
  );
  expectDiscreet(answer, api.url);
  expect(answer.status).toBe(200);
  const { errors = [] } = answer;
  expect(errors.length).toBeLessThanOrEqual(1);
  const { code, retryable, ...extensions } = errors[0]?.extensions ?? {};
  return { user: dataOf(answer).communityUser, code, retryable, extensions };
}

/** Fails where an answer holds an upstream body, the address of the REST API, a stack or the caller's token. */
export function expectDiscreet(answer: Answer, apiUrl: string): void {
  const text = JSON.stringify(answer) + JSON.stringify([...answer.headers]);
  for (const secret of [SECRET, new URL(apiUrl).host, '127.0.0.1', token, 'node_modules', '.ts:', '.js:']) {
    expect(text).not.toContain(secret);
  }
}

export function dataOf({ data }: Answer): Readonly<Record<string, Readonly<Record<string, unknown>> | null>> {
  if (!isRecord(data)) throw new Error('The answer has no data');
  return data;
}

function isRecord(
  value: unknown,
): value is Readonly<Record<string, Readonly<Record<string, unknown>> | null>> {
  return typeof value === 'object' && value !== null;
}
