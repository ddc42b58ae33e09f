import type { Socket } from 'node:net';
import { expect, test } from 'vitest';
import { always, echo, http, well } from '../../faults/replies.ts';
import { type Script, type ScriptedRequest, startScriptedApi } from '../../faults/scripted-api.ts';
import { createTestClient, outcomeOf } from './upstream-client.ts';

const interim: Record<string, string> = {
  'a 100': 'HTTP/1.1 100 Continue\r\n\r\n',
  'a 102': 'HTTP/1.1 102 Processing\r\n\r\n',
  'a 103 with headers': 'HTTP/1.1 103 Early Hints\r\nlink: </x>; rel=preload\r\n\r\n',
  'a 199': 'HTTP/1.1 199 Whatever\r\n\r\n',
  'a hundred of them': 'HTTP/1.1 103 Early Hints\r\n\r\nHTTP/1.1 100 Continue\r\n\r\n'.repeat(50),
};

for (const [name, bytes] of Object.entries(interim)) {
  test(`${name} before the response is skipped, on a fresh connection and on a reused one`, async () => {
    const apart: Script = (request) => {
      request.socket.write(bytes, () => setImmediate(() => well(request)));
    };
    const together: Script = (request) =>
      request.socket.write(Buffer.concat([Buffer.from(bytes), http(200, echo(request))]));
    const dripping: Script = ({ socket, ...request }) => {
      const all = Buffer.concat([Buffer.from(bytes), http(200, echo({ socket, ...request }))]);
      let sent = 0;
      const next = () => {
        if (sent < all.length) socket.write(all.subarray(sent, ++sent), () => setImmediate(next));
      };
      next();
    };
    for (const script of bytes.length > 500 ? [apart, together] : [apart, together, dripping]) {
      const api = await startScriptedApi(script);
      const { ask, attempts } = createTestClient(api.url, { connections: 1 });

      expect([await ask('i'), await ask('j')]).toEqual(['found', 'found']);
      expect(attempts).toEqual([200, 200]);
      expect(api.openedSockets).toBe(1);
    }
  });
}

test('a switch of protocols is no response', async () => {
  const api = await startScriptedApi(
    always('HTTP/1.1 101 Switching Protocols\r\nconnection: upgrade\r\nupgrade: x\r\n\r\n'),
  );
  expect(await createTestClient(api.url).ask('i')).toBe('UPSTREAM_BAD_RESPONSE');
});

/** The response to a GET that nobody made. */
const stray = http(200, '{"data":{"name":"stray"}}');

const strays: Record<string, (request: ScriptedRequest) => void> = {
  'in one piece with the response': (request) =>
    request.socket.write(Buffer.concat([http(200, echo(request)), stray])),
  'in a piece of its own': (request) => {
    well(request);
    request.socket.write(stray);
  },
  'cut off, in one piece with the response': (request) =>
    request.socket.write(Buffer.concat([http(200, echo(request)), stray.subarray(0, 20)])),
  'behind an interim response': (request) =>
    request.socket.write(
      Buffer.concat([http(200, echo(request)), Buffer.from('HTTP/1.1 100 Continue\r\n\r\n'), stray]),
    ),
};

for (const [name, script] of Object.entries(strays)) {
  test(`a response too many, ${name}, closes its connection and is given to nobody`, async () => {
    const first = new WeakSet<Socket>();
    const api = await startScriptedApi((request) => {
      if (first.has(request.socket)) return well(request);
      first.add(request.socket);
      script(request);
    });
    const { get } = createTestClient(api.url, { connections: 1 });
    // All wait for the one connection: each is sent as soon as the one before has its response.
    const gets = Array.from({ length: 20 }, (_, index) => get(`i${index}`));
    for (const { settled } of gets) {
      const { result } = await settled;
      expect(result).toMatchObject({ kind: 'found', values: ['name', undefined, undefined] });
    }

    expect(api.requests).toHaveLength(20);
    expect(api.openedSockets).toBe(20);
  });
}

test('a body of numbers that nobody asked for costs about what as many bytes of other values cost', async () => {
  const size = 200_000;
  const long = '"long":12345678901234567890';
  const bodyOf = (values: string) => `{"data":{"name":"x",${long},"rest":[${values}]}}`;
  const times = (count: number, value: (index: number) => unknown) =>
    Array.from({ length: count }, (_, i) => value(i)).join();
  const bodies = {
    text: bodyOf(times(size / 22, (index) => `"${1_000_000_000_000_000_000n + BigInt(index)}"`)),
    long: bodyOf(times(size / 20, (index) => 1_000_000_000_000_000_000n + BigInt(index))),
    small: bodyOf(times(size / 2, (index) => index % 10)),
  };
  const api = await startScriptedApi((request) => {
    const body = Object.entries(bodies).find(([name]) => request.url.includes(name))?.[1] ?? '';
    request.socket.write(http(200, body));
  });
  const { get } = createTestClient(api.url, { maxBodyBytes: 2 * size });
  // The least that it takes: what compilers and the garbage of others take comes on top at times.
  const cost = async (name: string) => {
    const costs: number[] = [];
    for (let measured = 0; measured < 5; measured++) {
      const started = process.cpuUsage();
      for (let round = 0; round < 20; round++) expect(outcomeOf(await get(name).settled)).toBe('found');
      // The sum is exact, its parts are estimates.
      const { user, system } = process.cpuUsage(started);
      costs.push(user + system);
    }
    return Math.min(...costs);
  };
  const text = await cost('text');

  // With a reviver over the whole body it was thirty times as much.
  expect(await cost('long')).toBeLessThan(10 * text);
  expect(await cost('small')).toBeLessThan(10 * text);
});
