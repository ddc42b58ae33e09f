import type { Logger } from '#telemetry/logger.ts';

export interface StopOnSignalOptions {
  readonly logger: Logger;
  readonly stop: () => Promise<void>;
  /** Ends the process for an error. */
  readonly fail: (error: unknown) => never;
  /** How long stopping may take. */
  readonly limitMs?: number;
}

/** Docker, for one, kills a process 10 s after SIGTERM: what hangs is not waited for any longer than that. */
const STOP_LIMIT_MS = 9500;

/** The first SIGTERM or SIGINT stops everything in good order, and the process exits with 0; a second one ends it at once. */
export function stopOnSignal({ logger, stop, fail, limitMs = STOP_LIMIT_MS }: StopOnSignalOptions): void {
  let stopping = false;
  const onSignal = async (signal: NodeJS.Signals) => {
    if (stopping) process.exit(1);
    stopping = true;
    logger.info({ signal }, 'stopping');
    setTimeout(() => fail(new Error('Stopping took too long.')), limitMs);
    await stop().catch(fail);
    logger.info('stopped');
    process.exit(0);
  };
  process.on('SIGTERM', onSignal).on('SIGINT', onSignal);
}
