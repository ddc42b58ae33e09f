import { createServer } from 'node:net';
import { gzipSync } from 'node:zlib';
import { describe, expect, onTestFinished, test } from 'vitest';
import { startMockApi } from '#mock-api/start.ts';
import { listen } from '../support/listen.ts';
import {
  type Deviation,
  demoEnv,
  fieldCount,
  getCount,
  ids,
  runVerify,
  startDeviating,
  startServer,
} from './run-verify.ts';

interface Found {
  readonly name: string;
  readonly result: string;
  readonly seen: string;
  readonly consequence?: string;
}

/** What the command says deviates, as `name: seen → consequence`. */
async function deviations(url: string, env: Record<string, string> = {}): Promise<string[]> {
  const { code, stdout } = await runVerify([...ids, '--json'], { ...demoEnv(url), ...env });
  const report: { checks: Found[] } = JSON.parse(stdout);
  expect(code).toBe(1);
  return report.checks
    .filter(({ result }) => result === 'deviates')
    .map(({ name, seen, consequence }) => `${name}: ${seen} → ${consequence}`);
}

const deviationsOf = async (deviation: Deviation, env?: Record<string, string>) =>
  deviations(await startDeviating(deviation), env);

describe('a protected field', () => {
  test('that is null for a member makes hidden look empty', async () => {
    const found = await deviationsOf(({ body }, { token, flags }) => {
      if (token === 'demo-member' && flags.includes('email')) body.data = { ...body.data, email: null };
    });
    expect(found).toEqual([
      'protected fields: null: email; left out: lastLogin → null with isWithheld false, so that hidden looks empty',
    ]);
  });

  test('that is masked for a member goes out as if it were true, or is unreadable', async () => {
    const found = await deviationsOf(({ body }, { token, flags }) => {
      if (token === 'demo-member' && flags.includes('email')) {
        body.data = { ...body.data, email: 'a***@example.com', lastLogin: '***' };
      }
    });
    expect(found).toEqual([
      'protected fields: masked: email; masked, with another type: lastLogin → ' +
        'a masked value as if it were the true one, with isWithheld false; ' +
        'UPSTREAM_BAD_RESPONSE at what has another type',
    ]);
  });

  test('makes a member forbidden altogether where the REST API refuses the whole answer', async () => {
    const found = await deviationsOf((draft, { token }) => {
      if (token === 'demo-member') draft.status = 403;
    });
    expect(found).toEqual(['protected fields: 403 → FORBIDDEN']);
  });
});

describe('a flag', () => {
  test('that is ignored costs more bytes', async () => {
    const found = await deviationsOf(({ body }, { flags }) => {
      if (body.data && flags.length === 1) body.data = { ...body.data, badges: 1, [flags[0] ?? '']: null };
    });
    expect(found).toHaveLength(fieldCount);
    expect(found).toContain(
      'flag email: the selection is ignored: also badges → none: all selected fields as they came',
    );
  });

  test('that is refused alone fails selections of it alone', async () => {
    const found = await deviationsOf((draft, { flags }) => {
      if (flags.join() === 'lastLogin') draft.status = 400;
    });
    expect(found).toEqual(['flag lastLogin: 400 → BAD_USER_INPUT']);
  });

  test('that the REST API does not know reads as withheld', async () => {
    const found = await deviationsOf(({ body }) => {
      if (body.data) delete body.data.username;
    });
    expect(found.map((line) => line.split(' → ')[0])).toEqual([
      'all flags: left out: username',
      'flag username: left out: username',
    ]);
    expect(found[0]).toContain('→ username: null, and isWithheld is true');
  });
});

test.each<[string, string, unknown, string]>([
  ['a number as text', 'id', '123456789', 'string that is no integer'],
  ['a fraction', 'id', 1.5, 'number that is no integer'],
  ['a number in place of text', 'displayName', 7, 'number that is no string'],
  ['an object', 'avatar', { url: 'x' }, 'object that is no string'],
  ['a list', 'firstName', ['x'], 'list that is no string'],
  ['text in place of a boolean', 'isOnline', 'true', 'string that is no boolean'],
  ['seconds since 1970', 'lastLogin', 1_700_000_000, 'number that is no dateTime'],
  ['a date without time', 'lastLogin', '2023-12-01', 'string that is no dateTime'],
  ['a moment past the year 9999', 'lastLogin', '9999-12-31T23:59:59-01:00', 'string that is no dateTime'],
])('%s is an error at that field alone', async (_, field, value, seen) => {
  const found = await deviationsOf(({ body }) => {
    if (body.data && field in body.data) body.data[field] = value;
  });
  expect(found).toEqual([`type of ${field}: ${seen}, in 2 of 2 answers → ${field}: UPSTREAM_BAD_RESPONSE`]);
});

test('another user than the one asked for is refused', async () => {
  const found = await deviationsOf(({ body }) => {
    if (body.data && '_id' in body.data) body.data._id = '61100af5c548eb5c7ebc0000';
  });
  expect(found).toEqual(['identity: another user than the one asked for → UPSTREAM_BAD_RESPONSE']);
});

describe('a status', () => {
  test('of 403 for a wrong token makes FORBIDDEN of UNAUTHENTICATED', async () => {
    const found = await deviationsOf((draft, { token }) => {
      if (token === 'wrong-token') draft.status = 403;
    });
    expect(found).toEqual(['wrong token: 403, not 401 → FORBIDDEN']);
  });

  test('of 403 without a token is never met', async () => {
    const found = await deviationsOf((draft, { token }) => {
      if (token === '') draft.status = 403;
    });
    expect(found).toEqual([
      'no token: 403, not 401 → none: the layer answers UNAUTHENTICATED itself and makes no GET',
    ]);
  });

  test('of 200 without a token shows that users are open to anybody', async () => {
    const found = await deviationsOf((draft, { token }) => {
      if (token === '') Object.assign(draft, { status: 200, body: { ...ok, data: { _id: 'x' } } });
    });
    expect(found).toEqual([
      expect.stringMatching(/^no token: 200, not 401: users are shown to anybody → none/),
    ]);
  });

  test('of 500 for a bad id makes the layer think of an outage', async () => {
    const found = await deviationsOf((draft, { url }) => {
      if (url.includes('not-an-id')) draft.status = 500;
    });
    expect(found).toEqual(['bad id: 500, not 400 or 404 → UPSTREAM_UNAVAILABLE']);
  });

  test('of 200 with an error inside is read from meta', async () => {
    const found = await deviationsOf((draft) => {
      if (draft.status === 404) draft.status = 200;
    });
    expect(found).toContain('absent user: 200 with 404 in meta, not 404 → null, without an error');
    expect(found).toContainEqual(
      expect.stringMatching(
        /^envelope: 200 with 404 in meta, in \d of \d+ answers → null, without an error$/,
      ),
    );
  });

  test('of 200 with an error inside and no meta is a bad response', async () => {
    const found = await deviationsOf((draft) => {
      if (draft.status === 404) Object.assign(draft, { status: 200, body: { error: 'not found' } });
    });
    expect(found).toContain('absent user: 200 with no data, not 404 → UPSTREAM_BAD_RESPONSE');
    expect(found).toContainEqual(
      expect.stringMatching(/^envelope: 200 with no data, in \d of \d+ answers → UPSTREAM_BAD_RESPONSE$/),
    );
  });

  test('of 429 after some GETs in a row is the rate limit', async () => {
    const found = await deviationsOf((draft, { number }) => {
      if (number > getCount - 7) draft.status = 429;
    });
    expect(found).toEqual(['20 GETs in a row: 429, in 7 of 20 answers → RATE_LIMITED']);
  });
});

test.each<[string, (body: { meta?: unknown; message?: unknown }) => void]>([
  ['no meta.statusCode', (body) => delete body.meta],
  [
    'meta.status is not "success"',
    (body) => Object.assign(body, { meta: { status: 'ok', statusCode: 200 } }),
  ],
  ['no message', (body) => delete body.message],
])('an envelope with %s is read all the same', async (seen, change) => {
  const found = await deviationsOf(({ body, status }) => {
    if (status === 200) change(body);
  });
  expect(found).toEqual([
    expect.stringMatching(
      `^envelope: ${seen}, in \\d+ of \\d+ answers → none: all selected fields as they came`,
    ),
  ]);
});

describe('a whole REST API', () => {
  test('that answers HTML is a bad response everywhere', async () => {
    const found = await deviationsOf((draft) => {
      Object.assign(draft, { status: 200, raw: '<html>Maintenance</html>' });
      draft.headers['content-type'] = 'text/html; charset=utf-8';
    });
    expect(found).toContain('all flags: 200 with text/html → UPSTREAM_BAD_RESPONSE');
    expect(found).toContain(
      `content type: text/html, in ${getCount} of ${getCount} answers → UPSTREAM_BAD_RESPONSE`,
    );
  });

  test('that calls its JSON text is a bad response everywhere', async () => {
    const found = await deviationsOf(({ headers }) => {
      headers['content-type'] = 'text/plain';
    });
    expect(found).toEqual([
      expect.stringMatching(/^content type: text\/plain, in \d+ of \d+ answers → UPSTREAM_BAD_RESPONSE$/),
    ]);
  });

  test('that compresses unasked is a bad response everywhere, and is read on', async () => {
    const found = await deviationsOf((draft) => {
      draft.headers['content-encoding'] = 'gzip';
      draft.raw = gzipSync(JSON.stringify(draft.body));
    });
    expect(found).toEqual([
      `compression: compressed, unasked, in ${getCount} of ${getCount} answers → UPSTREAM_BAD_RESPONSE`,
    ]);
  });

  test('that redirects is a bad response: the redirect is not followed', async () => {
    const urls: string[] = [];
    const found = await deviationsOf((draft, { url }) => {
      urls.push(url);
      draft.status = 301;
      draft.headers.location = '/moved';
    });
    expect(found).toContain(`redirects: 301, in ${getCount} of ${getCount} answers → UPSTREAM_BAD_RESPONSE`);
    expect(urls).not.toContain('/moved');
  });

  test('that closes each connection pays for new ones', async () => {
    const found = await deviationsOf(({ headers }) => {
      headers.connection = 'close';
    });
    expect(found).toEqual([
      `keep-alive: a new connection, in ${getCount} of ${getCount} answers → none, but each GET pays for a new connection`,
    ]);
  });

  test('that closes each connection without a word loses no GET', async () => {
    const mockApi = await startMockApi();
    onTestFinished(() => mockApi.stop());
    const url = await startServer(async (request, response) => {
      const { authorization = '' } = request.headers;
      const answer = await fetch(mockApi.url + request.url, { headers: { authorization } });
      response.once('finish', () => request.socket.destroySoon());
      response.writeHead(answer.status, { 'content-type': 'application/json' }).end(await answer.text());
    });
    expect(await deviations(url)).toEqual([
      expect.stringMatching(/^keep-alive: a new connection, in \d+ of \d+ answers/),
    ]);
  });

  test('that is slow leaves no time for attempts', async () => {
    const found = await deviationsOf(
      (draft, { number }) => {
        if (number > 17) draft.delayMs = 30;
      },
      { UPSTREAM_TIMEOUT_MS: '250', UPSTREAM_ATTEMPTS: '10' },
    );
    expect(found.join()).toMatch(
      /latency: median [\d.]+ ms, 95 % [\d.]+ ms, most [\d.]+ ms → UPSTREAM_TIMEOUT where a GET fails at first: 10 attempts/,
    );
  });

  test('that is late at times costs these users', async () => {
    const found = await deviationsOf(late(650), { UPSTREAM_TIMEOUT_MS: '500' });
    expect(found.at(-1)).toMatch(
      /^deadline: later than 500 ms, in \d+ of \d+ answers → UPSTREAM_TIMEOUT, for such a user$/,
    );
  });

  test('that never answers at times costs these users', async () => {
    const found = await deviationsOf(late(Infinity), { UPSTREAM_TIMEOUT_MS: '500' });
    expect(found).toContain('20 GETs in a row: no answer in time, in 1 of 20 answers → UPSTREAM_TIMEOUT');
    expect(found.at(-1)).toMatch(/^deadline: later than 500 ms, in \d+ of \d+ answers → UPSTREAM_TIMEOUT/);
  });

  test('that sends more than the layer takes is a bad response', async () => {
    const found = await deviationsOf(
      ({ body }, { flags }) => {
        if (flags.join() === 'avatar' && body.data) body.data.avatar = 'x'.repeat(5000);
      },
      { UPSTREAM_MAX_BODY_BYTES: '4000' },
    );
    expect(found).toEqual(['flag avatar: 200 with a body over the limit → UPSTREAM_BAD_RESPONSE']);
  });

  test('that switches protocols unasked is a bad response everywhere', async () => {
    const url = await startServer((_request, response) => {
      const { socket } = response;
      socket?.write('HTTP/1.1 101 Switching Protocols\r\nconnection: upgrade\r\nupgrade: x\r\n\r\n');
    });
    const found = await deviations(url);
    expect(found[0]).toMatch(/^all flags: UND_ERR_SOCKET → UPSTREAM_BAD_RESPONSE/);
  });

  test('that speaks no HTTP is a bad response everywhere', async () => {
    const server = createServer((socket) => {
      socket.on('error', () => {});
      socket.once('data', () => socket.end('SSH-2.0-OpenSSH_9.6\r\n'));
    });
    onTestFinished(() => void server.close());
    const found = await deviations(`http://127.0.0.1:${await listen(server)}`);
    expect(found[0]).toMatch(/^all flags: HTTPParserError → UPSTREAM_BAD_RESPONSE/);
  });
});

const ok = { meta: { status: 'success', statusCode: 200 }, message: 'Get user success.' };

/** The last GET is answered after this time. */
function late(delayMs: number): Deviation {
  return (draft, { number }) => {
    if (number === getCount) draft.delayMs = delayMs;
  };
}
