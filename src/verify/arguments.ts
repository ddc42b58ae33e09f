import { parseArgs } from 'node:util';
import { EnvironmentReader } from '#process/environment-reader.ts';

/** What to check, and how. */
export interface Settings {
  /** The REST API. */
  readonly url: URL;
  readonly community: string;
  readonly user: string;
  readonly token: string;
  /** The token of a plain member of the community. */
  readonly memberToken: string | undefined;
  readonly json: boolean;
  /** The layer's own limits: what passes them is no good answer. */
  readonly timeoutMs: number;
  readonly attempts: number;
  readonly maxBodyBytes: number;
}

export type Arguments =
  | { readonly kind: 'help' }
  | { readonly kind: 'invalid'; readonly problems: readonly string[] }
  | { readonly kind: 'valid'; readonly settings: Settings };

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

type Environment = Readonly<Record<string, string | undefined>>;

/** Reads arguments and environment; names everything that is wrong with them at once. */
export function readArguments(argv: readonly string[], env: Environment): Arguments {
  const problems: string[] = [];
  const options = parseOptions(argv, problems);
  if (options.help) return { kind: 'help' };

  const read = new EnvironmentReader(env, problems);
  const url = read.httpUrl('UPSTREAM_URL');
  if (read.text('UPSTREAM_URL') === undefined) {
    problems.push(
      'UPSTREAM_URL is not set: it must name the REST API to check, such as https://api.example.com',
    );
  }
  const token = read.text('VERIFY_TOKEN');
  if (token === undefined) {
    problems.push(
      'VERIFY_TOKEN is not set: it must be the bearer token of an owner or admin of the community',
    );
  }
  const memberToken = read.text('VERIFY_MEMBER_TOKEN');
  for (const [name, value] of Object.entries({ VERIFY_TOKEN: token, VERIFY_MEMBER_TOKEN: memberToken })) {
    if (value === undefined || TOKEN.test(value)) continue;
    problems.push(`${name} is not a bearer token: give the token alone, without "Bearer" and white space`);
  }
  const timeoutMs = read.integer('UPSTREAM_TIMEOUT_MS', 5000, 1, 600_000);
  const attempts = read.integer('UPSTREAM_ATTEMPTS', 3, 1, 100);
  const maxBodyBytes = read.integer('UPSTREAM_MAX_BODY_BYTES', 262_144, 1, 1_073_741_824);
  const community = readId('community', options.community, problems);
  const user = readId('user', options.user, problems);

  if (problems.length > 0 || !url || !token) return { kind: 'invalid', problems };
  const json = options.json === true;
  return {
    kind: 'valid',
    settings: { url, community, user, token, memberToken, json, timeoutMs, attempts, maxBodyBytes },
  };
}

/** RFC 6750 §2.1; the layer accepts no other. */
const TOKEN = /^[A-Za-z0-9._~+/-]+=*$/;

/** What the layer takes for an id, and sends. */
const ID = /^[A-Za-z0-9_-]{1,64}$/;

function parseOptions(argv: readonly string[], problems: string[]) {
  try {
    return parseArgs({
      args: [...argv],
      options: {
        community: { type: 'string' },
        user: { type: 'string' },
        json: { type: 'boolean' },
        help: { type: 'boolean', short: 'h' },
      },
    }).values;
  } catch (error) {
    const { code = '', message = '' } = error instanceof Error ? (error as NodeJS.ErrnoException) : {};
    // Node's message quotes the argument, which may be a token.
    const positional = code === 'ERR_PARSE_ARGS_UNEXPECTED_POSITIONAL';
    const [sentence = ''] = message.split(/\. |\n/, 1);
    problems.push(positional ? 'there is an argument that belongs to no option' : sentence);
    return {};
  }
}

function readId(option: string, id: string | undefined, problems: string[]): string {
  if (id === undefined) problems.push(`--${option} is missing: it must be the id of a ${option}`);
  else if (!ID.test(id))
    problems.push(`--${option} must be 1 to 64 characters of A-Z, a-z, 0-9, "_" and "-"`);
  return id ?? '';
}
