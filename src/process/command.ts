import { parseArgs } from 'node:util';
import { StartError } from '#graphql/start-error.ts';
import { ConfigError } from './config.ts';

/** A command for developers and CI, such as `npm run explain`. All have `--json` and `--help`. */
export interface Command {
  readonly help: string;
  /** Its own options, which take a value. */
  readonly options?: Readonly<Record<string, { readonly type: 'string' }>>;
  /**
   * Does the work.
   * @throws CommandError where it can't be done
   */
  run(args: CommandArguments): Promise<CommandResult>;
}

export interface CommandArguments {
  /** Values of the options that were given, by name. */
  readonly values: Readonly<Record<string, string | undefined>>;
  readonly positionals: readonly string[];
  readonly json: boolean;
}

/** What a command found out. */
export interface CommandResult {
  /** Whether what it checks holds. */
  readonly holds: boolean;
  /** For programs. */
  readonly report: object;
  /** For people. */
  readonly text: string;
}

/** A command cannot do its work; the message says why. */
export class CommandError extends Error {}

/** Where a command writes to: `process`, or a test. */
export interface Output {
  readonly stdout: { write(text: string): unknown };
  readonly stderr: { write(text: string): unknown; readonly isTTY?: boolean };
}

/** Runs a command as this process, which ends with its exit code. */
export async function runAsProcess(command: Command): Promise<void> {
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    // Who has read enough, such as `head`, closes the pipe.
    if (error.code === 'EPIPE') process.exit();
    process.stderr.write(`${error.message}\n`);
    process.exit(2);
  });
  process.exitCode = await runCommand(command, process.argv.slice(2), process);
}

/** Runs a command; gives its exit code: 0 what it checks holds, 1 it does not, 2 it could not check. */
export async function runCommand(
  { help, options, run }: Command,
  argv: readonly string[],
  { stdout, stderr }: Output,
): Promise<0 | 1 | 2> {
  try {
    const { values, positionals } = parseArgs({
      args: [...argv],
      // Else Node quotes those that a command does not take, and one may be a token.
      allowPositionals: true,
      options: { ...options, json: { type: 'boolean' }, help: { type: 'boolean', short: 'h' } },
    });
    const { json = false, help: isHelp, ...given } = values;
    if (isHelp) {
      stdout.write(help);
      return 0;
    }
    const { holds, report, text } = await run({ values: given, positionals, json });
    stdout.write(json ? `${JSON.stringify(report, null, 2)}\n` : text);
    return holds ? 0 : 1;
  } catch (error) {
    stderr.write(`${reasonOf(error)}\n`);
    return 2;
  }
}

/** One or a few sentences for what can be expected, such as arguments or files that are no good. */
function reasonOf(error: unknown): unknown {
  if (!(error instanceof Error)) return error;
  const code = 'code' in error ? String(error.code) : '';
  const isExpected = EXPECTED.some((kind) => error instanceof kind) || EXPECTED_CODES.test(code);
  return isExpected ? error.message : error.stack;
}

const EXPECTED = [CommandError, ConfigError, StartError];

/** Of `parseArgs`, and of the operating system: `ENOENT`. */
const EXPECTED_CODES = /^(?:ERR_PARSE_ARGS_|E[A-Z]+$)/;
