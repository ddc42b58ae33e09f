import { runLoad } from './load.ts';
import type { RestApi } from './rest-api-process.ts';
import type { RunningServer } from './server-process.ts';
import type { Work } from './works.ts';

/** What one timed stretch of load on one server gave. */
export interface Measurement {
  readonly requests: number;
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
  readonly rate?: number;
}

/** Warms a server up with the work, then measures it. Throws at an answer that is not good. */
export async function measure(
  server: RunningServer,
  restApi: RestApi,
  work: Work,
  options: MeasureOptions,
): Promise<Measurement> {
  const { connections, seconds, warmUpSeconds, requests, rate } = options;
  const load = { port: server.port, work, connections, ...(rate === undefined ? {} : { rate }) };
  await runLoad({ ...load, seconds: warmUpSeconds, maxRequests: requests });
  await restApi.takeCounts();
  const cpuBefore = server.cpuMicros();
  const result = await runLoad({ ...load, seconds, maxRequests: requests });
  const cpu = server.cpuMicros() - cpuBefore;
  const upstream = await restApi.takeCounts();
  return {
    requests: result.requests,
    cpuMicrosPerRequest: cpu / result.requests,
    requestsPerSecond: result.requests / result.seconds,
    p50Ms: result.p50Ms,
    p99Ms: result.p99Ms,
    getsPerRequest: upstream.gets / result.requests,
    upstreamBytesPerRequest: upstream.bytes / result.requests,
    residentBytes: server.residentBytes(),
  };
}
