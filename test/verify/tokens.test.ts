import { expect, test } from 'vitest';
import { type Draft, demoEnv, ids, runVerify, startDeviating } from './run-verify.ts';

test.each([
  ['short', 'demo-owner', 'demo-member'],
  [
    'long',
    `eyJhbGciOiJIUzI1NiJ9.${'c3ViamVjdA'.repeat(20)}.own`,
    `eyJhbGciOiJIUzI1NiJ9.${'bWVtYmVy'.repeat(20)}`,
  ],
])('a %s token is written nowhere, whatever the REST API says', async (_, token, memberToken) => {
  const url = await startDeviating((draft, request) => echo(draft, request.token));
  const env = { ...demoEnv(url), VERIFY_TOKEN: token, VERIFY_MEMBER_TOKEN: memberToken };
  for (const argv of [ids, [...ids, '--json']]) {
    const { code, stdout, stderr } = await runVerify(argv, env, true);
    expect(code).toBe(1);
    // Not even a good part of one.
    for (const secret of [token, memberToken]) expect(stdout + stderr).not.toContain(secret.slice(0, 10));
  }
});

/** Puts the token wherever a REST API can put words. */
function echo(draft: Draft, token: string): void {
  draft.status = 200;
  draft.headers['content-type'] = `text/${token || 'plain'}`;
  draft.headers[`x-${token || 'none'}`] = token;
  draft.body = {
    meta: { status: token, statusCode: 200 },
    message: token,
    data: { [token]: token, id: token },
  };
}
