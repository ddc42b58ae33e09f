import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { onTestFinished } from 'vitest';
import { communityUser } from '#graphql/entities/community-user.ts';
import { answerFrom } from '#mock-api/answer.ts';
import { resources } from '#mock-api/data.ts';
import { runCommand } from '#process/command.ts';
import { verify } from '#verify/cli.ts';
import { listen } from '../support/listen.ts';

export const communityId = '61100af5c548eb5c7ebc0001';
export const userId = '61100af5c548eb5c7ebc7819';
export const ids = ['--community', communityId, '--user', userId];

/** Each field has a GET and two checks of its own, beside those that there are anyway. */
export const fieldCount = communityUser.resource?.fields.length ?? 0;
export const getCount = 27 + fieldCount;
export const checkCount = 16 + 2 * fieldCount;

/** An answer before it is sent, for a test to change. */
export interface Draft {
  status: number;
  readonly headers: Record<string, string>;
  /** The body as JSON; `raw` is sent in its place where it is given. */
  body: { meta?: unknown; message?: unknown; data?: Record<string, unknown> | undefined };
  raw?: string | Buffer;
  /** When it is sent; `Infinity` is never. */
  delayMs?: number;
}

/** How a REST API deviates: changes what the mock API would answer. `number` counts the requests from 1. */
export type Deviation = (
  draft: Draft,
  request: { flags: string[]; url: string; token: string; number: number },
) => void;

/** A REST API that answers as the mock API does but for the deviation; gives its address. */
export async function startDeviating(deviate: Deviation): Promise<string> {
  let number = 0;
  const answer = answerFrom(resources);
  return startServer((request, response) => {
    const { method = '', url = '', headers } = request;
    const { statusCode, message, data } = answer(method, url, headers.authorization);
    const meta = { status: statusCode === 200 ? 'success' : 'error', statusCode };
    const draft: Draft = {
      status: statusCode,
      headers: { 'content-type': 'application/json; charset=utf-8' },
      body: { meta, message, data: data && { ...data } },
    };
    number += 1;
    const token = headers.authorization?.replace('Bearer ', '') ?? '';
    deviate(draft, { flags: url.split('?')[1]?.split('&') ?? [], url, token, number });
    const send = () => {
      response.writeHead(draft.status, draft.headers).end(draft.raw ?? JSON.stringify(draft.body));
    };
    if (draft.delayMs === undefined) send();
    else if (draft.delayMs < Infinity) setTimeout(send, draft.delayMs);
  });
}

/** A server on a free port that ends with the test; gives its address. */
export async function startServer(
  handle: (request: IncomingMessage, response: ServerResponse) => void,
): Promise<string> {
  const server = createServer(handle);
  const port = await listen(server);
  onTestFinished(() => {
    server.close();
    server.closeAllConnections();
  });
  return `http://127.0.0.1:${port}`;
}

export interface Outcome {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs the command in this process, without pauses. */
export async function runVerify(
  argv: readonly string[],
  env: Readonly<Record<string, string>>,
  stderrIsTTY = false,
): Promise<Outcome> {
  const stdout: string[] = [];
  const stderr: string[] = [];
  const output = {
    stdout: { write: (text: string) => stdout.push(text) },
    stderr: { write: (text: string) => stderr.push(text), isTTY: stderrIsTTY },
  };
  const code = await runCommand(verify(env, output, 0), argv, output);
  return { code, stdout: stdout.join(''), stderr: stderr.join('') };
}

/**
 * With tokens that see everything and, as a plain member, not everything; and with a deadline that no GET misses, nor comes
 * near, because the machine is busy.
 */
export function demoEnv(url: string): Record<string, string> {
  return {
    UPSTREAM_URL: url,
    VERIFY_TOKEN: 'demo-owner',
    VERIFY_MEMBER_TOKEN: 'demo-member',
    UPSTREAM_TIMEOUT_MS: '60000',
  };
}
