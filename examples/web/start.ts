import { once } from 'node:events';
import { parseArgs } from 'node:util';
import { startMockApi } from '../../src/mock-api/start.ts';
import { startWeb } from './start-web.ts';

/** `npm run example:web`: the page over the embedded REST API, until Ctrl+C. */

const usage = `npm run example:web -- [--port 5173] [--require]

  --port      where the page listens on 127.0.0.1
  --require   the service refuses operations that are not in the page's manifest`;

const { port, require, help } = readArguments();
if (help) {
  console.log(usage);
} else {
  await serve();
}

async function serve(): Promise<void> {
  await using started = new AsyncDisposableStack();
  const restApi = await startMockApi();
  started.defer(() => restApi.stop());
  try {
    const web = await startWeb({ upstreamUrl: restApi.url, port, requireTrusted: require });
    started.defer(() => web.stop());
    console.log(`\n  Page      ${web.url}\n  GraphQL   ${web.graphqlUrl}\n\nCtrl+C stops everything.`);
    await Promise.race([once(process, 'SIGINT'), once(process, 'SIGTERM')]);
  } catch (error) {
    fail(
      isPortTaken(error)
        ? `Port ${port} is taken: end what listens there, or name another with --port.`
        : error,
    );
  }
}

function readArguments(): { port: number; require: boolean; help: boolean } {
  try {
    const { values } = parseArgs({
      options: {
        port: { type: 'string', default: '5173' },
        require: { type: 'boolean', default: false },
        help: { type: 'boolean', default: false },
      },
    });
    if (!/^\d+$/.test(values.port) || Number(values.port) > 65_535) {
      throw new Error('--port is a number from 0 to 65535.');
    }
    return { ...values, port: Number(values.port) };
  } catch (error) {
    return fail(`${error instanceof Error ? error.message : error}\n\n${usage}`);
  }
}

function isPortTaken(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'EADDRINUSE';
}

function fail(reason: unknown): never {
  console.error(reason instanceof Error ? reason.message : reason);
  process.exit(1);
}
