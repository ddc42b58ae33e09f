import { runLoad } from './load.ts';
import type { RestApi } from './rest-api-process.ts';
import type { RunningServer } from './server-process.ts';
import type { Work } from './works.ts';

/** What one timed stretch of load on one server gave. */
export interface Measurement {
  readonly requests: number;
  /** Of the warm-up: the first seconds of load, where the server was just started. */
  readonly youngCpuMicrosPerRequest: number;
  readonly cpuMicrosPerRequest: number;
  readonly requestsPerSecond: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  readonly getsPerRequest: number;
  readonly upstreamBytesPerRequest: number;
  readonly residentBytes: number;
}

/** How long and how hard. */
export interface MeasureOptions {
  readonly seconds: number;
  readonly warmUpSeconds: number;
  readonly requests: number;
  readonly connections: number;
}

/** Measures a server while it warms up with the work, and then. Throws at an answer that is not good. */
export async function measure(
  server: RunningServer,
  restApi: RestApi,
  work: Work,
  options: MeasureOptions,
): Promise<Measurement> {
  const { connections, seconds, warmUpSeconds, requests } = options;
  const load = { port: server.port, work, connections, maxRequests: requests };
  const cpuAtStart = server.cpuMicros();
  const young = await runLoad({ ...load, seconds: warmUpSeconds });
  await restApi.takeCounts();
  const cpuBefore = server.cpuMicros();
  const result = await runLoad({ ...load, seconds });
  const cpu = server.cpuMicros() - cpuBefore;
  const upstream = await restApi.takeCounts();
  return {
    requests: result.requests,
    youngCpuMicrosPerRequest: (cpuBefore - cpuAtStart) / young.requests,
    cpuMicrosPerRequest: cpu / result.requests,
    requestsPerSecond: result.requests / result.seconds,
    p50Ms: result.p50Ms,
    p99Ms: result.p99Ms,
    getsPerRequest: upstream.gets / result.requests,
    upstreamBytesPerRequest: upstream.bytes / result.requests,
    residentBytes: server.residentBytes(),
  };
}
