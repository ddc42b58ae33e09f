import { bearerAuthorization } from '#graphql/pipeline/head.ts';
import { type CommandArguments, CommandError } from '#process/command.ts';
import { readConfig } from '#process/config.ts';
import type { UpstreamOptions } from '#upstream/client.ts';

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

/** What to check, and how. */
export interface Settings {
  /** The REST API, and the limits of the layer: what passes them is no good answer. */
  readonly upstream: UpstreamOptions;
  readonly community: string;
  readonly user: string;
  readonly token: string;
  /** The token of a plain member of the community. */
  readonly memberToken: string | undefined;
}

/**
 * Reads arguments and environment.
 * @throws ConfigError that says all that is wrong with the layer's own variables
 * @throws CommandError that says all that is wrong with the rest
 */
export function readSettings({ values, positionals }: CommandArguments, env: NodeJS.ProcessEnv): Settings {
  // Whether the layer would embed a REST API without an address is no matter here.
  const { upstreamUrl: url, upstream } = readConfig({ ...env, NODE_ENV: '' });
  const { community = '', user = '' } = values;
  const token = env.VERIFY_TOKEN?.trim() ?? '';
  const memberToken = env.VERIFY_MEMBER_TOKEN?.trim() || undefined;
  const problems = [
    ...(url === undefined ? ['UPSTREAM_URL must be the address of the REST API to check'] : []),
    ...Object.entries({ VERIFY_TOKEN: token, VERIFY_MEMBER_TOKEN: memberToken })
      .filter(([, value]) => value !== undefined && !bearerAuthorization(`Bearer ${value}`))
      .map(([name]) => `${name} must be a bearer token alone, without "Bearer" and white space`),
    ...Object.entries({ community, user })
      .filter(([, id]) => !ID.test(id))
      .map(([name]) => `--${name} must be given: 1 to 64 characters of A-Z, a-z, 0-9, "_" and "-"`),
    ...(positionals.length > 0 ? ['there is an argument that belongs to no option'] : []),
  ];
  if (url === undefined || problems.length > 0) {
    throw new CommandError(
      `This cannot be checked:\n${problems.map((problem) => `  - ${problem}\n`).join('')}See --help.`,
    );
  }
  return { upstream: { ...upstream, url }, community, user, token, memberToken };
}

/** What the layer takes for an id, and sends. */
const ID = /^[A-Za-z0-9_-]{1,64}$/;
