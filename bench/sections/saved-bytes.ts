import type { Candidate } from '../candidates.ts';
import { runLoad } from '../load.ts';
import type { RestApi } from '../rest-api-process.ts';
import { startServer } from '../server-process.ts';
import { type Work, works, worksWithAllFields } from '../works.ts';
import type { Section } from './section.ts';

const requests = 200;

/** What exact selection saves upstream: the works as they are, against the same with all ten fields selected. */
export async function measureSavedBytes(candidate: Candidate, restApi: RestApi): Promise<Section> {
  const server = await startServer(candidate, { upstreamUrl: restApi.url });
  const bytesPerRequest = async (work: Work) => {
    await restApi.takeCounts();
    await runLoad({ port: server.port, work, connections: 4, seconds: 10, maxRequests: requests });
    return (await restApi.takeCounts()).bytes / requests;
  };
  try {
    const rows: string[][] = [];
    for (const work of works) {
      const everything = worksWithAllFields.find((each) => each.name === work.name) ?? work;
      const exact = await bytesPerRequest(work);
      const all = await bytesPerRequest(everything);
      const saved = `${((1 - exact / all) * 100).toFixed(0)} %`;
      rows.push([work.name, exact.toFixed(0), all.toFixed(0), saved]);
      console.log(`upstream bytes  ${work.name}: ${exact.toFixed(0)}, with all ten fields ${all.toFixed(0)}`);
    }
    return {
      title: 'Upstream bytes saved by exact selection',
      text: 'Bytes that the REST API sends for one GraphQL request, about 250 bytes of headers in each answer included.',
      header: ['work', 'as selected', 'all ten fields', 'saved'],
      rows,
    };
  } finally {
    await server.stop();
  }
}
