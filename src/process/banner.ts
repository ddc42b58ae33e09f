import { example } from '#http/explorers/example.ts';
import type { Config } from './config.ts';

/** What a person learns at the start: where everything is, what is behind it, and a command to paste. */
export function banner(config: Config, url: string): string {
  const embedded = config.upstreamUrl === undefined;
  const lines = [
    '',
    `GraphQL    ${url}/graphql`,
    ...(config.production
      ? []
      : [`Explorer   ${url}/graphql in a browser, or ${url}/graphiql without internet`]),
    `REST API   ${embedded ? 'embedded, with demo data' : config.upstreamUrl?.origin}`,
    '',
    'Try it:',
    '',
    `  ${curl(`${url}/graphql`, embedded)}`,
    '',
    '',
  ];
  return lines.join('\n');
}

function curl(url: string, embedded: boolean): string {
  const query = embedded ? example.query.replaceAll(/\s+/g, ' ').trim() : '{ __typename }';
  const body = JSON.stringify(embedded ? { query, variables: example.variables } : { query });
  const token = embedded ? ` -H 'authorization: Bearer ${example.token}'` : '';
  return `curl -s ${url} -H 'content-type: application/json'${token} -d '${body}'`;
}
