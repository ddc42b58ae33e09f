import { example, exampleCurl } from '#http/explorers/example.ts';
import type { Config } from './config.ts';

/** What a person learns at the start: where everything is, what is behind it, and a command to paste. */
export function banner({ upstreamUrl }: Config, url: string): string {
  const graphql = `${url}/graphql`;
  const curl =
    upstreamUrl === undefined
      ? exampleCurl(graphql, example.token, ' ')
      : `curl -s ${graphql} -H 'content-type: application/json' -d '{"query":"{ __typename }"}'`;
  return `
GraphQL    ${graphql}
Start page ${url}/
Explorer   ${graphql} in a browser, or ${url}/graphiql without internet
REST API   ${upstreamUrl?.origin ?? 'embedded, with demo data'}

Try it:

  ${curl}

`;
}
