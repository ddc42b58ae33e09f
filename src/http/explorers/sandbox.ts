import type { ApolloServerPlugin } from '@apollo/server';
import { ApolloServerPluginLandingPageLocalDefault } from '@apollo/server/plugin/landingPage/default';
import { exampleHeaders, explorerTabs } from './example.ts';
import { type Page, pageHeaders } from './page.ts';

/**
 * Apollo Sandbox for a browser that comes to the GraphQL endpoint, with the example filled in: an Apollo Server plugin, of
 * which `sandboxPage` makes a page. `token` is one of the embedded REST API.
 */
export function sandboxPlugin(token: string | undefined): ApolloServerPlugin {
  const [{ query, variables }] = explorerTabs(token);
  return ApolloServerPluginLandingPageLocalDefault({
    document: query,
    variables,
    headers: exampleHeaders(token),
    embed: {
      runTelemetry: false,
      endpointIsEditable: false,
      // The schema stays the same for as long as the server runs.
      initialState: { pollForSchemaUpdates: false },
    },
  });
}

/** The page that the plugin renders; where Apollo's servers can't be reached, it says so and leads to GraphiQL. */
export function sandboxPage(html: string): Page {
  const body = html
    // The place for Sandbox covers the page, and stays empty without its script.
    .replace('.fallback {', '#embeddableSandbox:empty { display: none; }\n        .fallback {')
    .replace('<p>Apollo Sandbox cannot be loaded; it appears that you might be offline.</p>', OFFLINE)
    .replace('<h1>Welcome to Apollo Server</h1>', '<h1>Community users</h1>')
    // A style sheet that does not arrive holds back all that comes after it.
    .replace(/<link\s+href="https:\/\/fonts\.googleapis\.com[^>]*>/, '');
  return { headers: SANDBOX_HEADERS, body };
}

const OFFLINE = `<p>Apollo Sandbox can't be loaded: its code comes from Apollo's servers, and they can't be reached from here.</p>
  <p><a href="/graphiql">GraphiQL</a> needs no internet: this service serves all of it.</p>`;

/**
 * The page's own `<meta>` says where scripts, styles, images and frames may come from; these say what a `<meta>` cannot, or
 * does not: nobody may frame it, and it talks to this server alone. The embedded Sandbox sends requests through the page,
 * so that they count as the page's own.
 */
const SANDBOX_HEADERS = {
  ...pageHeaders({ 'connect-src': "'self'", 'object-src': "'none'" }),
  'referrer-policy': 'strict-origin-when-cross-origin',
};
