import { expect, test } from 'vitest';
import { InterimResponses } from '#upstream/protocol/interim-responses.ts';

/** What is left of a text that comes in pieces of this size. */
function strip(text: string, size = text.length): string {
  const interim = new InterimResponses();
  interim.expect();
  let left = '';
  for (let at = 0; at < text.length; at += size) {
    left += interim.strip(Buffer.from(text.slice(at, at + size), 'latin1'))?.toString('latin1') ?? '';
  }
  return left;
}

const final = 'HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n{}';

const texts: Record<string, [came: string, left: string]> = {
  'no interim response': [final, final],
  'a 100': [`HTTP/1.1 100 Continue\r\n\r\n${final}`, final],
  'a 100 with a header': [`HTTP/1.1 100 Continue\r\nx: y\r\n\r\n${final}`, final],
  'several of them': [
    `HTTP/1.1 102 P\r\n\r\nHTTP/1.1 103 E\r\nlink: <x>\r\n\r\nHTTP/1.1 100\r\n\r\nHTTP/1.1 199 ?\r\n\r\n${final}`,
    final,
  ],
  'a switch of protocols': ['HTTP/1.1 101 Switching\r\n\r\nabc', 'HTTP/1.1 101 Switching\r\n\r\nabc'],
  'what is no HTTP': ['SSH-2.0-1 1\r\n\r\n', 'SSH-2.0-1 1\r\n\r\n'],
  'a body like an interim response': [`${final}HTTP/1.1 100\r\n\r\n`, `${final}HTTP/1.1 100\r\n\r\n`],
  'HTTP/1.0': ['HTTP/1.0 100 ?\r\n\r\n', 'HTTP/1.0 100 ?\r\n\r\n'],
};

for (const [name, [came, left]] of Object.entries(texts)) {
  test(`${name}, in one piece or in many, leaves the final response`, () => {
    for (const size of [came.length, 1, 2, 3, 5, 11, 12, 13, 25]) expect(strip(came, size)).toBe(left);
  });
}

test('garbage is passed on at once, for nothing more may come', () => {
  for (const text of ['x', 'HTTX', 'HTTP/1.1 2', '\r\n']) expect(strip(text)).toBe(text);
});

test('a head without end is passed on once it is longer than any may be', () => {
  const head = `HTTP/1.1 100 Continue\r\nx: ${'y'.repeat(20_000)}`;
  expect(strip(head)).toBe(head);
});

test('between requests nothing is taken out', () => {
  const interim = new InterimResponses();
  const bytes = Buffer.from('HTTP/1.1 100 Continue\r\n\r\n');
  expect(interim.strip(bytes)).toBe(bytes);
});
