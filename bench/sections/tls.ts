import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Candidate } from '../candidates.ts';
import { runLoad } from '../load.ts';
import type { Options } from '../options.ts';
import { type RestApi, startRestApi } from '../rest-api-process.ts';
import { startServer } from '../server-process.ts';
import type { Work } from '../works.ts';
import type { Section } from './section.ts';

/** What a GET costs where the REST API speaks TLS, as the real one does, and how seldom a connection is opened for it. */
export async function measureTls(candidates: readonly Candidate[], options: Options): Promise<Section> {
  const restApi = await startRestApi({ tls: true });
  const folder = mkdtempSync(join(tmpdir(), 'bench-tls-'));
  const rows: string[][] = [];
  try {
    const certificate = join(folder, 'rest-api.pem');
    writeFileSync(certificate, restApi.certificate ?? '');
    const env = { NODE_EXTRA_CA_CERTS: certificate };
    for (const work of options.works) {
      let floor = Number.NaN;
      for (const candidate of candidates) {
        const { microsPerGet, gets, handshakes, resumed } = await measureGets(
          candidate,
          work,
          env,
          options,
          restApi,
        );
        if (candidate.name === 'floor') floor = microsPerGet;
        const cells = [
          microsPerGet.toFixed(1),
          (microsPerGet / floor).toFixed(2),
          `${gets}`,
          ((handshakes / gets) * 10_000).toFixed(1),
          `${resumed}`,
        ];
        rows.push([work.name, candidate.name, ...cells]);
        console.log(
          `TLS  ${work.name}  ${candidate.name.padEnd(10)} ${cells[0]} µs per GET, ${handshakes} handshakes for ${gets}`,
        );
      }
    }
  } finally {
    rmSync(folder, { recursive: true });
    restApi.stop();
  }
  return {
    title: 'TLS to the REST API',
    text: 'The REST API as `https://`, its certificate in `NODE_EXTRA_CA_CERTS`. CPU per GET is that of the server, all of its GraphQL requests included, once warm; handshakes are counted from the start of the process on.',
    header: [
      'work',
      'candidate',
      'CPU µs per GET',
      'over the floor',
      'GETs',
      'handshakes per 10,000',
      'of them resumed',
    ],
    rows,
  };
}

async function measureGets(
  candidate: Candidate,
  work: Work,
  env: Record<string, string>,
  { connections, requests, seconds, warmUpSeconds }: Options,
  restApi: RestApi,
) {
  await restApi.takeCounts();
  const server = await startServer(candidate, { upstreamUrl: restApi.url, env });
  try {
    const load = { port: server.port, work, connections, maxRequests: requests };
    await runLoad({ ...load, seconds: warmUpSeconds });
    const early = await restApi.takeCounts();
    const before = server.cpuMicros();
    await runLoad({ ...load, seconds });
    const micros = server.cpuMicros() - before;
    const late = await restApi.takeCounts();
    return {
      microsPerGet: micros / late.gets,
      gets: early.gets + late.gets,
      handshakes: early.handshakes + late.handshakes,
      resumed: early.resumed + late.resumed,
    };
  } finally {
    await server.stop();
  }
}
