import { createHash } from 'node:crypto';
import { exampleHeaders, explorerTabs } from './example.ts';
import { browserFile, type Page, pageHeaders } from './page.ts';

/**
 * GraphiQL as GraphQL Yoga bundles it, Monaco and its workers included, by path. It is laid out as files, in place of that
 * package's one page with everything in it: so a policy without inline scripts will do, and a browser keeps the files.
 * They stand below `/graphiql` in a folder that is named after what they say, so that they may be kept forever.
 *
 * The bundle is large, and a production install does not have it. Where it is missing, the page says so.
 */
export async function loadGraphiQL(token: string | undefined): Promise<ReadonlyMap<string, Page>> {
  const bundle = await importBundle();
  if (bundle === undefined) return new Map([[PATH, NOT_INSTALLED]]);
  const files = Object.entries({
    'graphiql.css': bundle.css,
    'graphiql.js': bundle.js,
    'editorWorkerService-worker.js': bundle.editorWorkerService,
    'json-worker.js': bundle.jsonWorker,
    'graphql-worker.js': bundle.graphqlWorker,
    'start.js': await browserFile('graphiql-start.js'),
    'rest-calls.js': await browserFile('rest-calls.js'),
    'rest-calls.css': await browserFile('rest-calls.css'),
  });
  const hash = createHash('sha256');
  for (const [, body] of files) hash.update(body);
  const folder = `${PATH}/${hash.digest('hex').slice(0, 16)}`;
  const assets = files.map(([name, body]) => [`${folder}/${name}`, asset(name, body)] as const);
  return new Map([[PATH, await page(folder, token)], ...assets]);
}

const PATH = '/graphiql';

async function importBundle() {
  try {
    return await import('@graphql-yoga/render-graphiql/graphiql');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ERR_MODULE_NOT_FOUND') return undefined;
    throw error;
  }
}

const NOT_INSTALLED: Page = {
  status: 404,
  headers: { 'content-type': 'text/plain; charset=utf-8' },
  body: 'GraphiQL is a development dependency, and not installed here. "npm ci" without "--omit=dev" installs it.\n',
};

function asset(name: string, body: string): Page {
  const type = name.endsWith('.css') ? 'text/css' : 'text/javascript';
  const forever = 'public, max-age=31536000, immutable';
  return { headers: { 'content-type': `${type}; charset=utf-8`, 'cache-control': forever }, body };
}

async function page(folder: string, token: string | undefined): Promise<Page> {
  const indented = (value: unknown) => JSON.stringify(value, null, 2);
  const headers = indented(exampleHeaders(token, 'timeline'));
  const tabs = explorerTabs(token).map(({ query, variables }) => {
    return { query, variables: indented(variables), headers };
  });
  // JSON that cannot end the script element that it stands in.
  const json = JSON.stringify({ tabs, headers }).replaceAll('<', '\\u003c');
  const options = `<script type="application/json" id="options">${json}</script>`;
  const body = await browserFile('graphiql.html', { folder, options });
  return { headers: HEADERS, body };
}

const HEADERS = pageHeaders({
  'default-src': "'none'",
  'script-src': "'self'",
  'worker-src': "'self'",
  // The editor writes styles of its own, and carries its icons and its font as data.
  'style-src': "'self' 'unsafe-inline'",
  'img-src': "'self' data:",
  'font-src': "'self' data:",
  'connect-src': "'self'",
});
