import { fork } from 'node:child_process';
import { once } from 'node:events';

/** What the REST API was asked since the last time. */
export interface UpstreamCounts {
  readonly gets: number;
  /** Bytes sent, heads included. */
  readonly bytes: number;
  /** TLS handshakes, and how many of them resumed a session. */
  readonly handshakes: number;
  readonly resumed: number;
}

/** What the REST API's process says over IPC. */
export type RestApiReport =
  | { readonly port: number; readonly certificate?: string | undefined }
  | UpstreamCounts;

/** The REST API as seen from the benchmark. */
export interface RestApi {
  readonly url: string;
  /** The certificate that it signed itself, where it speaks TLS. */
  readonly certificate: string | undefined;
  /** What was counted since the last call. */
  takeCounts(): Promise<UpstreamCounts>;
  stop(): void;
}

/** Starts the REST API in a process of its own, on a free port. It takes `delayMs` for each GET, by default next to nothing. */
export async function startRestApi({ delayMs = 0, tls = false } = {}): Promise<RestApi> {
  const child = fork(new URL('./rest-api.ts', import.meta.url), [`${delayMs}`, tls ? 'tls' : '']);
  const next = async (): Promise<RestApiReport> => {
    const [message] = await once(child, 'message');
    return message;
  };
  const started = await next();
  if (!('port' in started)) throw new Error('the REST API did not tell its port');
  return {
    url: tls ? `https://localhost:${started.port}` : `http://127.0.0.1:${started.port}`,
    certificate: started.certificate,
    async takeCounts() {
      child.send('take');
      const counts = await next();
      if ('port' in counts) throw new Error('the REST API did not tell its counts');
      return counts;
    },
    stop: () => child.disconnect(),
  };
}
