import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { promisify } from 'node:util';
import { describe, expect, test } from 'vitest';
import { demoCallers, demoUsers, example } from '#http/explorers/example.ts';
import { explorerPages } from '#http/explorers/explorers.ts';

const upstreamUrl = new URL('https://name:word@rest.example/base');
const demo = explorerPages({ token: example.token, upstreamUrl });
const real = explorerPages({ token: undefined, upstreamUrl });

/** Prints a page of the service as it is where a package is not installed. */
const WITHOUT_PACKAGE = `
  import { registerHooks } from 'node:module';
  registerHooks({
    resolve(specifier, context, next) {
      if (!specifier.startsWith('@graphql-yoga/')) return next(specifier, context);
      throw Object.assign(new Error('Cannot find package'), { code: 'ERR_MODULE_NOT_FOUND' });
    },
  });
  const { explorerPages } = await import('${import.meta.resolve('#http/explorers/explorers.ts')}');
  const findPage = explorerPages({ token: 'demo-owner', upstreamUrl: new URL('https://rest.example') });
  console.log(JSON.stringify(await findPage('/graphiql', 'localhost')));`;

describe('the start page', () => {
  test('is static, and may load nothing', async () => {
    const page = await demo('/', 'localhost:4000');
    const [, css = ''] = /<style>(.*)<\/style>/s.exec(page?.body ?? '') ?? [];
    const hash = createHash('sha256').update(css).digest('base64');
    expect(page?.headers).toMatchObject({
      'content-type': 'text/html; charset=utf-8',
      'content-security-policy': `default-src 'none'; style-src 'sha256-${hash}'; img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`,
      'x-frame-options': 'DENY',
    });
    expect(page?.body).not.toContain('<script');
  });

  test('has a command with the address that the browser came to', async () => {
    expect((await demo('/', 'graph.test:81'))?.body).toContain('curl -s http://graph.test:81/graphql');
    expect((await demo('/', '[::1]:4000'))?.body).toContain('curl -s http://[::1]:4000/graphql');
    for (const host of ['$(reboot)', 'a;b', '<script>', undefined]) {
      expect((await demo('/', host))?.body).toContain('curl -s http://localhost:4000/graphql');
    }
  });

  test('leads to health and metrics where they are', async () => {
    const adminUrl = () => 'http://127.0.0.1:9000';
    const page = await explorerPages({ token: undefined, upstreamUrl, adminUrl })('/', 'localhost');
    expect(page?.body).toContain('href="http://127.0.0.1:9000/metrics"');
  });

  test('names demo callers and users over the embedded REST API, and a real one by its origin alone', async () => {
    const demoPage = (await demo('/', 'localhost'))?.body ?? '';
    const realPage = (await real('/', 'localhost'))?.body ?? '';
    for (const text of [...demoCallers.map(({ token }) => token), ...demoUsers.map(({ id }) => id)]) {
      expect(demoPage).toContain(text);
      expect(realPage).not.toContain(text);
    }
    expect(realPage).toContain('https://rest.example<');
    expect(realPage).not.toContain('word');
  });
});

describe('GraphiQL', () => {
  test('has the example and the demo users, or placeholders over a real REST API', async () => {
    const demoPage = (await demo('/graphiql', 'localhost'))?.body ?? '';
    const realPage = (await real('/graphiql', 'localhost'))?.body ?? '';
    for (const { id } of demoUsers) expect(demoPage).toContain(id);
    expect(demoPage).toContain('Bearer demo-owner');
    expect(realPage).toContain('Bearer YOUR-TOKEN');
    expect(realPage).not.toMatch(/demo-|61100af5/);
  });

  test('consists of files that a browser may keep, and loads nothing else', async () => {
    const page = await demo('/graphiql', 'localhost');
    expect(page?.headers['content-security-policy']).toContain("default-src 'none'; script-src 'self';");
    const paths = page?.body.match(/\/graphiql\/[0-9a-f]{16}\/[a-z-]+\.(?:js|css)/g) ?? [];
    expect(paths).toHaveLength(4);
    for (const path of paths) {
      const file = await demo(path, 'localhost');
      expect(file?.headers['cache-control']).toBe('public, max-age=31536000, immutable');
      expect(file?.headers['content-type']).toMatch(path.endsWith('js') ? /^text\/javascript/ : /^text\/css/);
    }
    expect(await demo('/graphiql/0000000000000000/graphiql.js', 'localhost')).toBeUndefined();
  });

  test('says how to get it where it is not installed', async () => {
    const args = ['--input-type=module', '-e', WITHOUT_PACKAGE];
    const { stdout } = await promisify(execFile)(process.execPath, args);
    const { status, headers, body } = JSON.parse(stdout);
    expect(status).toBe(404);
    expect(headers['content-type']).toContain('text/plain');
    expect(body).toContain('npm ci');
  });
});

test('other paths are no pages', async () => {
  for (const path of ['/graphql', '/graphiqlx', '/index.html', '//']) {
    expect(await demo(path, 'localhost')).toBeUndefined();
  }
  expect(await demo('/graphiql/', 'localhost')).toBe(await demo('/graphiql', 'localhost'));
  expect(await demo('/favicon.ico', 'localhost')).toMatchObject({ status: 204 });
});
