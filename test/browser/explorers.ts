import type { Browser } from 'playwright-core';
import { afterAll, beforeAll } from 'vitest';
import { start } from '#http/service.ts';
import { startMockApi } from '#mock-api/start.ts';
import { readConfig } from '#process/config.ts';
import { launchChromium } from './chromium.ts';

/** The service with its explorers, over the embedded REST API. */
export interface ExplorerService {
  /** Without a path. */
  readonly url: string;
  readonly upstreamUrl: string;
  stop(): Promise<void>;
}

/** Starts the service; the explorers have this token in their example, or a placeholder where there is none. */
export async function startExplorerService(exampleToken: string | undefined): Promise<ExplorerService> {
  const mockApi = await startMockApi();
  const config = readConfig({ PORT: '0', UPSTREAM_URL: mockApi.url, LOG_LEVEL: 'silent' });
  const { url, stop } = await start(config, { exampleToken });
  const stopBoth = async () => {
    await stop();
    await mockApi.stop();
  };
  return { url, upstreamUrl: mockApi.url, stop: stopBoth };
}

/** A service and a browser for all tests of a `describe`, once they run. */
export function openExplorers(exampleToken: string): { readonly url: string; readonly browser: Browser } {
  let running: (ExplorerService & { readonly browser: Browser }) | undefined;
  beforeAll(async () => {
    running = { ...(await startExplorerService(exampleToken)), browser: await launchChromium() };
  });
  afterAll(async () => {
    await running?.browser.close();
    await running?.stop();
  });
  const get = () => {
    if (running === undefined) throw new Error('It is not started yet.');
    return running;
  };
  return {
    get url() {
      return get().url;
    },
    get browser() {
      return get().browser;
    },
  };
}
