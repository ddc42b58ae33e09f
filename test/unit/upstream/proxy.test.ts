import { expect, test } from 'vitest';
import { proxyAuthorization, proxyFor } from '#upstream/route.ts';

const settings = { httpsProxy: 'http://secure:1', httpProxy: 'http://plain:2' };

test('the proxy is the one for the protocol; there is none where none is set', () => {
  expect(proxyFor(new URL('https://api.example'), settings)?.host).toBe('secure:1');
  expect(proxyFor(new URL('http://api.example'), settings)?.host).toBe('plain:2');
  expect(proxyFor(new URL('https://api.example'), { httpProxy: 'http://plain:2' })).toBeUndefined();
  expect(proxyFor(new URL('https://api.example'), { httpsProxy: '' })).toBeUndefined();
});

test('a proxy without a protocol is an http one', () => {
  expect(proxyFor(new URL('http://api.example'), { httpProxy: 'proxy.example:3128' })?.href).toBe(
    'http://proxy.example:3128/',
  );
});

const excluded: [noProxy: string, url: string][] = [
  ['*', 'https://api.example'],
  ['api.example', 'https://api.example'],
  ['API.example.', 'https://api.Example:8443'],
  ['example', 'https://api.example'],
  ['.example', 'https://api.example'],
  ['*.example', 'https://api.example'],
  ['other, api.example', 'https://api.example'],
  ['other api.example', 'https://api.example.'],
  ['api.example:443', 'https://api.example'],
  ['api.example:80', 'http://api.example'],
  ['127.0.0.1', 'http://127.0.0.1:4000'],
  ['::1', 'http://[::1]:4000'],
  ['[::1]', 'http://[::1]'],
  ['[::1]:4000', 'http://[::1]:4000'],
];

test.each(excluded)('NO_PROXY=%s holds for %s', (noProxy, url) => {
  expect(proxyFor(new URL(url), { ...settings, noProxy })).toBeUndefined();
});

const included: [noProxy: string, url: string][] = [
  ['', 'https://api.example'],
  [' , ', 'https://api.example'],
  ['pi.example', 'https://api.example'],
  ['other.example', 'https://api.example'],
  ['*.api.example', 'https://api.example'],
  ['api.example:444', 'https://api.example'],
  ['*:80', 'https://api.example'],
  ['127.0.0.1', 'http://127.0.0.10'],
  ['[::1]:4001', 'http://[::1]:4000'],
];

test.each(included)('NO_PROXY="%s" does not hold for %s', (noProxy, url) => {
  expect(proxyFor(new URL(url), { ...settings, noProxy })).toBeDefined();
});

test('credentials in the address of a proxy become a header', () => {
  expect(proxyAuthorization(new URL('http://me%40x:p%3Aw@proxy.example'))).toEqual([
    'proxy-authorization',
    `Basic ${Buffer.from('me@x:p:w').toString('base64')}`,
  ]);
  expect(proxyAuthorization(new URL('http://proxy.example'))).toEqual([]);
});
