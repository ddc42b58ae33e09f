import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { exampleHeaders, explorerTabs } from './example.ts';
import { type Page, pageHeaders } from './page.ts';

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
  return new Map([[PATH, page(folder, token)], ...assets]);
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

const browserFile = (name: string) => readFile(new URL(`browser/${name}`, import.meta.url), 'utf8');

function asset(name: string, body: string): Page {
  const type = name.endsWith('.css') ? 'text/css' : 'text/javascript';
  const forever = 'public, max-age=31536000, immutable';
  return { headers: { 'content-type': `${type}; charset=utf-8`, 'cache-control': forever }, body };
}

function page(folder: string, token: string | undefined): Page {
  const indented = (value: unknown) => JSON.stringify(value, null, 2);
  const headers = indented(exampleHeaders(token, 'timeline'));
  const tabs = explorerTabs(token).map(({ query, variables }) => {
    return { query, variables: indented(variables), headers };
  });
  // JSON that cannot end the script element that it stands in.
  const options = JSON.stringify({ tabs, headers }).replaceAll('<', '\\u003c');
  const body = `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <title>GraphiQL · Community users</title>
    <link rel="icon" href="data:,">
    <link rel="stylesheet" href="${folder}/graphiql.css">
    <link rel="stylesheet" href="${folder}/rest-calls.css">
  </head>
  <body class="no-focus-outline">
    <noscript>GraphiQL needs JavaScript.</noscript>
    <div id="root"></div>
    <section id="rest-calls" aria-label="REST calls of the last answer"></section>
    <script type="application/json" id="options">${options}</script>
    <script src="${folder}/graphiql.js"></script>
    <script src="${folder}/start.js" type="module"></script>
  </body>
</html>
`;
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
