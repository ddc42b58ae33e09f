import { example } from '#http/explorers/example.ts';
import type { Config } from './config.ts';

/** What a person learns at the start: where everything is, what is behind it, and a command to paste. */
export function banner({ upstreamUrl }: Config, url: string): string {
  const embedded = upstreamUrl === undefined;
  return `
GraphQL    ${url}/graphql
Start page ${url}/
Explorer   ${url}/graphql in a browser, or ${url}/graphiql without internet
REST API   ${embedded ? 'embedded, with demo data' : upstreamUrl.origin}

Try it:

  ${curl(`${url}/graphql`, embedded)}

`;
}

function curl(url: string, embedded: boolean): string {
  const query = embedded ? example.query.replaceAll(/\s+/g, ' ').trim() : '{ __typename }';
  const body = JSON.stringify(embedded ? { query, variables: example.variables } : { query });
  const token = embedded ? ` -H 'authorization: Bearer ${example.token}'` : '';
  return `curl -s ${url} -H 'content-type: application/json'${token} -d '${body}'`;
}
