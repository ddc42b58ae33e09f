import { execFile } from 'node:child_process';
import { promisify, stripVTControlCharacters } from 'node:util';
import { describe, expect, test } from 'vitest';

describe('the log in a terminal', () => {
  test('has lines for a person to read', async () => {
    expect(stripVTControlCharacters(await printed())).toMatch(
      /^\[\d\d:\d\d:\d\d\.\d{3}\] INFO: operation \{"requestId":"request-1","gets":2\}\n$/,
    );
  });

  test('is JSON where the package for pretty lines is not installed', async () => {
    const withoutPretty = `import { registerHooks } from 'node:module';
      registerHooks({
        resolve(specifier, context, next) {
          if (specifier !== 'pino-pretty') return next(specifier, context);
          throw Object.assign(new Error('Cannot find package'), { code: 'ERR_MODULE_NOT_FOUND' });
        },
      });`;
    expect(JSON.parse(await printed(withoutPretty))).toMatchObject({
      msg: 'operation',
      requestId: 'request-1',
    });
  });
});

/** What a logger for a terminal prints of one line, in a process that does this before. */
async function printed(before = ''): Promise<string> {
  const logger = import.meta.resolve('#telemetry/logger.ts');
  const script = `${before}
    const { createProcessLogger } = await import('${logger}');
    const { logger, flush } = await createProcessLogger({ level: 'info', pretty: true, shared: false });
    logger.info({ requestId: 'request-1', gets: 2 }, 'operation');
    flush();`;
  const { stdout } = await promisify(execFile)(process.execPath, ['--input-type=module', '-e', script]);
  return stdout;
}
