import { parseArgs } from 'node:util';
import { bearerAuthorization } from '#graphql/pipeline/head.ts';
import { type Config, ConfigError, readConfig } from '#process/config.ts';

/** What to check, and how. The limits are the layer's own: what passes them is no good answer. */
export interface Settings extends Pick<Config, 'upstream'> {
  /** The REST API. */
  readonly url: URL;
  readonly community: string;
  readonly user: string;
  readonly token: string;
  /** The token of a plain member of the community. */
  readonly memberToken: string | undefined;
  readonly json: boolean;
}

export const HELP = `Checks whether a REST API is as this layer assumes.

  npm run verify -- --community <id> --user <id> [--json]

  --community <id>      a community that the token's user belongs to
  --user <id>           a user of it, better somebody else than the token's own user
  --json                print JSON in place of a table (\`npm run --silent verify -- …\` prints nothing else)
  --help                print this

Environment:
  UPSTREAM_URL          address of the REST API
  VERIFY_TOKEN          bearer token of an owner or admin of the community
  VERIFY_MEMBER_TOKEN   bearer token of a plain member: shows what protected fields look like (optional)
  UPSTREAM_TIMEOUT_MS, UPSTREAM_ATTEMPTS, UPSTREAM_MAX_BODY_BYTES  as for the layer: what is too slow or too large
  HTTPS_PROXY, HTTP_PROXY, NO_PROXY, NODE_EXTRA_CA_CERTS  as usual

It makes a few GETs, one after the other with a pause between, and changes nothing. Tokens are written nowhere.

Exit code: 0 all holds, 1 something deviates, 2 it could not check.
`;

export type Environment = Readonly<Record<string, string | undefined>>;

/** Reads arguments and environment; gives all that is wrong with them at once, if anything is. */
export function readArguments(
  argv: readonly string[],
  env: Environment,
): Settings | 'help' | readonly string[] {
  const problems: string[] = [];
  const options = collect(problems, () => parseOptions(argv));
  const { help, json = false, community = '', user = '' } = options ?? {};
  if (help) return 'help';

  // Whether the layer would embed a REST API without an address is no matter here.
  const layer = collect(problems, () => readConfig({ ...env, NODE_ENV: '' }));
  const token = env.VERIFY_TOKEN?.trim() || undefined;
  const memberToken = env.VERIFY_MEMBER_TOKEN?.trim() || undefined;
  const required = {
    'UPSTREAM_URL is not set: it must name the REST API to check, such as https://api.example.com':
      env.UPSTREAM_URL?.trim(),
    'VERIFY_TOKEN is not set: it must be the bearer token of an owner or admin of the community': token,
    '--community is missing: it must be the id of a community': community,
    '--user is missing: it must be the id of a user': user,
  };
  for (const [problem, value] of Object.entries(required)) if (!value) problems.push(problem);
  for (const [name, value] of Object.entries({ VERIFY_TOKEN: token, VERIFY_MEMBER_TOKEN: memberToken })) {
    if (value === undefined || bearerAuthorization(`Bearer ${value}`) !== undefined) continue;
    problems.push(`${name} is not a bearer token: give the token alone, without "Bearer" and white space`);
  }
  for (const [name, value] of Object.entries({ community, user })) {
    if (value !== '' && !ID.test(value))
      problems.push(`--${name} must be 1 to 64 characters of A-Z, a-z, 0-9, "_" and "-"`);
  }

  const url = layer?.upstreamUrl;
  if (problems.length > 0 || !layer || !url || !token) return problems;
  return { upstream: layer.upstream, url, community, user, token, memberToken, json };
}

/** What the layer takes for an id, and sends. */
const ID = /^[A-Za-z0-9_-]{1,64}$/;

function parseOptions(argv: readonly string[]) {
  const { values, positionals } = parseArgs({
    args: [...argv],
    // So that Node does not quote them: one may be a token.
    allowPositionals: true,
    options: {
      community: { type: 'string' },
      user: { type: 'string' },
      json: { type: 'boolean' },
      help: { type: 'boolean', short: 'h' },
    },
  });
  if (positionals.length > 0) throw new TypeError('there is an argument that belongs to no option');
  return values;
}

/** What is read, or undefined where it can't be; then the reasons are added to the problems. */
function collect<Value>(problems: string[], read: () => Value): Value | undefined {
  try {
    return read();
  } catch (error) {
    if (error instanceof ConfigError) problems.push(...error.problems);
    // Of Node's messages the first sentence says what is wrong, the others guess why.
    else if (error instanceof TypeError) problems.push(error.message.split(/\. |\n/, 1).join());
    else throw error;
    return undefined;
  }
}
