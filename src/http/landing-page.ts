import type { ApolloServerPlugin } from '@apollo/server';
import { ApolloServerPluginLandingPageLocalDefault } from '@apollo/server/plugin/landingPage/default';
import { example, exampleHeaders } from './explorers/example.ts';

/** Apollo Sandbox for a browser that comes to the GraphQL endpoint, with the example filled in. */
export function sandboxPage(exampleToken: string | undefined): ApolloServerPlugin {
  return ApolloServerPluginLandingPageLocalDefault({
    document: example.query,
    variables: example.variables,
    headers: exampleHeaders(exampleToken),
    embed: {
      runTelemetry: false,
      endpointIsEditable: false,
      // The schema stays the same for as long as the server runs.
      initialState: { pollForSchemaUpdates: false },
    },
  });
}

/**
 * Headers of the page. Its own `<meta>` says where scripts, styles, images and frames may come from; these say what a
 * `<meta>` cannot, or does not: nobody may frame it, and it talks to this server alone. The embedded Sandbox sends
 * requests through the page, so that they count as the page's own.
 */
export const SANDBOX_HEADERS = {
  'content-type': 'text/html; charset=utf-8',
  'content-security-policy': [
    "connect-src 'self'",
    "object-src 'none'",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join('; '),
  'x-frame-options': 'DENY',
  'referrer-policy': 'strict-origin-when-cross-origin',
} as const;
