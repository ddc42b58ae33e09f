import { createHash } from 'node:crypto';
import { example, exampleHeaders } from './explorers/example.ts';

/** A page and the files that it loads. */
export interface GraphiQL {
  readonly page: string;
  /** By path. */
  readonly assets: ReadonlyMap<string, Asset>;
}

export interface Asset {
  readonly type: string;
  readonly text: string;
}

/**
 * Loads GraphiQL as GraphQL Yoga bundles it, Monaco and its workers included. Lays it out as files, in place of that
 * package's one page with everything in it: so a policy without inline scripts will do, and a browser keeps the files.
 * They stand in `folder`, in a folder that is named after what they say, so that they may be kept forever.
 */
export async function loadGraphiQL(folder: string, exampleToken: string | undefined): Promise<GraphiQL> {
  const bundle = await import('@graphql-yoga/render-graphiql/graphiql');
  const files = {
    'graphiql.css': { type: 'text/css; charset=utf-8', text: bundle.css },
    'graphiql.js': script(bundle.js),
    'editor-worker.js': script(bundle.editorWorkerService),
    'json-worker.js': script(bundle.jsonWorker),
    'graphql-worker.js': script(bundle.graphqlWorker),
    'start.js': script(startScript(exampleToken)),
  };
  const hash = createHash('sha256');
  for (const { text } of Object.values(files)) hash.update(text);
  const path = `${folder}/${hash.digest('hex').slice(0, 16)}`;
  const assets = new Map(Object.entries(files).map(([name, asset]) => [`${path}/${name}`, asset]));
  return { page: page(path), assets };
}

function script(text: string): Asset {
  return { type: 'text/javascript; charset=utf-8', text };
}

const TITLE = 'Community users';

function page(path: string): string {
  return `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8">
    <title>${TITLE}</title>
    <link rel="icon" href="data:,">
    <link rel="stylesheet" href="${path}/graphiql.css">
  </head>
  <body class="no-focus-outline">
    <noscript>GraphiQL needs JavaScript.</noscript>
    <div id="root"></div>
    <script src="${path}/graphiql.js"></script>
    <script src="${path}/start.js"></script>
  </body>
</html>
`;
}

/** What the page does once GraphiQL is there. The names are those that the package's own page uses. */
function startScript(exampleToken: string | undefined): string {
  const headers = JSON.stringify(exampleHeaders(exampleToken), null, 2);
  const options = {
    title: TITLE,
    endpoint: '/graphql',
    query: example.query,
    variables: JSON.stringify(example.variables, null, 2),
    // For the first tab, and for every further one.
    initialHeaders: headers,
    headers,
    // A token does not belong in the browser's storage.
    shouldPersistHeaders: false,
  };
  return `const here = document.currentScript.src;
const workers = { editorWorkerService: 'editor-worker.js', json: 'json-worker.js', graphql: 'graphql-worker.js' };
self.MonacoEnvironment = { globalAPI: false, getWorkerUrl: (_, label) => new URL(workers[label], here).href };
YogaGraphiQL.renderYogaGraphiQL(document.querySelector('#root'), ${JSON.stringify(options)});
`;
}
