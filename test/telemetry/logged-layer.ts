import { pino } from 'pino';
import { onTestFinished } from 'vitest';
import { start } from '#http/service.ts';
import { readConfig } from '#process/config.ts';
import { PATIENT } from '../support/layer.ts';
import { type RestApi, startRestApi } from '../support/rest-api.ts';

export interface LogLine {
  /** pino's number: 30 info, 40 warn, 50 error. */
  readonly level: number;
  readonly msg: string;
  readonly [field: string]: unknown;
}

/** The layer in this process, with every line of its log. */
export interface LoggedLayer {
  readonly url: string;
  readonly adminUrl: string;
  readonly lines: readonly LogLine[];
  /** The lines with this message, so far. */
  having(message: string): LogLine[];
  /** Waits for the next line with this message. */
  next(message: string): Promise<LogLine>;
  /** Sends one operation; gives the status and the body. */
  query(body: unknown, headers?: Readonly<Record<string, string>>): Promise<{ status: number; text: string }>;
  stop(): Promise<void>;
}

/** Starts the layer on free ports over the embedded REST API, unless given another; it logs everything there is to log. */
export async function startLoggedLayer(
  options: { readonly restApi?: RestApi; readonly env?: Readonly<Record<string, string>> } = {},
): Promise<LoggedLayer> {
  const restApi = options.restApi ?? (await startRestApi());
  const lines: LogLine[] = [];
  const waiting = new Map<string, (line: LogLine) => void>();
  const write = (text: string) => {
    const line: LogLine = JSON.parse(text);
    lines.push(line);
    waiting.get(line.msg)?.(line);
  };
  const logger = pino({ level: 'trace' }, { write });
  const config = readConfig({ ...PATIENT, PORT: '0', UPSTREAM_URL: restApi.url, ...options.env });
  const { url, adminUrl, stop } = await start(config, { logger });
  onTestFinished(stop);
  return {
    url,
    adminUrl,
    lines,
    stop,
    having: (message) => lines.filter(({ msg }) => msg === message),
    next: (message) => new Promise((resolve) => waiting.set(message, resolve)),
    async query(body, headers = { authorization: 'Bearer demo-owner' }) {
      const response = await fetch(`${url}/graphql`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', ...headers },
        body: JSON.stringify(body),
      });
      return { status: response.status, text: await response.text() };
    },
  };
}
