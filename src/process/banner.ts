import { exampleCurl } from '#http/explorers/example.ts';
import type { Config } from './config.ts';

/**
 * What a person learns at the start: where everything is, what is behind it, and a command to paste. `token` is one of the
 * embedded REST API.
 */
export function banner({ upstreamUrl }: Config, url: string, token: string | undefined): string {
  return `
GraphQL    ${url}/graphql
Start page ${url}/
Explorer   ${url}/graphql in a browser, or ${url}/graphiql without internet
REST API   ${upstreamUrl === undefined ? 'embedded, with demo data' : upstreamUrl.origin}

Try it:

${exampleCurl(`${url}/graphql`, token)}

`;
}
