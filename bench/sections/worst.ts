import type { Candidate } from '../candidates.ts';
import { runLoad } from '../load.ts';
import { sendInTurn } from '../request-series.ts';
import type { RestApi } from '../rest-api-process.ts';
import { type RunningServer, startServer } from '../server-process.ts';
import { works } from '../works.ts';
import { dearAnswers } from '../worst/answers.ts';
import type { DearRequest, Variant } from '../worst/dear-request.ts';
import { dearDocuments, refusedDocuments } from '../worst/documents.ts';
import type { Section } from './section.ts';

/** In CPU of so many requests of W2. */
const maxCost = 100;
/** Of a refused document that comes again, as a share of its first time; what costs less than one W2 is not held to it. */
const maxShareAgain = 1 / 3;
const requestsTimed = 6;
const referenceSeconds = 0.5;

/** The dearest requests that pass all limits, and refused documents that come again. */
export async function measureWorst(layer: Candidate, restApi: RestApi): Promise<Section> {
  const env = { INTROSPECTION: 'true' };
  const server = await startServer(layer, { upstreamUrl: restApi.url, env });
  const rows: string[][] = [];
  const failures: string[] = [];
  const add = async (request: DearRequest, isRefused: boolean) => {
    const { first, again, bytes, fault } = await costOf(request, server);
    const wrong = complaint(isRefused, first, again, fault);
    if (wrong !== undefined) failures.push(`${request.name}: ${wrong}`);
    const share = isRefused ? `${((again / first) * 100).toFixed(0)} %` : '–';
    rows.push([
      request.name,
      isRefused ? 'refused' : 'answered',
      `${bytes}`,
      first.toFixed(1),
      again.toFixed(1),
      share,
    ]);
    console.log(
      `worst  ${request.name.padEnd(50)} ${first.toFixed(1)}, again ${again.toFixed(1)} × W2  ${wrong ?? ''}`,
    );
  };
  try {
    await reference(server, 2);
    for (const request of [...dearAnswers, ...dearDocuments]) await add(request, false);
    for (const request of refusedDocuments) await add(request, true);
  } finally {
    await server.stop();
  }
  return {
    title: 'The dearest requests',
    text: [
      `CPU of one request in multiples of a request of W2, timed beside it: at most ${maxCost} for what passes all limits. The first time the document is new, after that it is known.`,
      `A refused document that comes again costs at most a third of its first time, or less than a request of W2. ${verdict(failures)}`,
    ].join(' '),
    header: ['request', 'outcome', 'bytes', 'first time', 'again', 'again / first'],
    rows,
    failures,
  };
}

function complaint(
  isRefused: boolean,
  first: number,
  again: number,
  fault: string | undefined,
): string | undefined {
  const isAnswered = isAnswer(fault);
  if (isAnswered === isRefused)
    return isAnswered ? 'was answered' : `was refused: ${fault?.split('\r\n\r\n').at(-1)?.slice(0, 200)}`;
  const dearest = Math.max(first, again);
  if (dearest > maxCost) return `costs ${dearest.toFixed(0)} × W2`;
  if (isRefused && again > Math.max(1, first * maxShareAgain)) return 'costs too much when it comes again';
  return undefined;
}

function verdict(failures: readonly string[]): string {
  return failures.length === 0 ? 'All hold.' : `**Does not hold:** ${failures.join('; ')}.`;
}

async function costOf(request: DearRequest, server: RunningServer) {
  let text = 0;
  let turn = 0;
  const size = await largestSize(request, server);
  const next = (isNew: boolean): Variant => ({ text: isNew ? ++text : text, turn: turn++, size });
  const cost = async (isNew: boolean) => {
    const bodies = Array.from({ length: requestsTimed }, () => request.body(next(isNew)));
    const before = server.cpuMicros();
    const [fault] = await sendInTurn(server.port, bodies);
    return { micros: (server.cpuMicros() - before) / bodies.length, fault };
  };
  // Their code is compiled then.
  await cost(true);
  const micros = await reference(server, referenceSeconds);
  const first = await cost(true);
  const again = await cost(false);
  return {
    first: first.micros / micros,
    again: again.micros / micros,
    bytes: Buffer.byteLength(request.body(next(false))),
    fault: first.fault,
  };
}

/** The largest size that is answered, within two percent; refused sizes cost little. */
async function largestSize({ body, maxSize = 1 }: DearRequest, server: RunningServer): Promise<number> {
  let answered = 1;
  let refused = maxSize + 1;
  for (
    let size = maxSize;
    refused - answered > Math.max(1, answered / 50);
    size = Math.floor((answered + refused) / 2)
  ) {
    const [fault] = await sendInTurn(server.port, [body({ text: 0, turn: 0, size })]);
    if (isAnswer(fault)) answered = size;
    else refused = size;
  }
  return answered;
}

/** Errors that have a place in the answer do not refuse the request. */
function isAnswer(fault: string | undefined): boolean {
  return fault === undefined || fault.includes('"path":[');
}

async function reference(server: RunningServer, seconds: number): Promise<number> {
  const work = works.find(({ name }) => name === 'W2');
  if (!work) throw new Error('there is no W2');
  const before = server.cpuMicros();
  const { requests } = await runLoad({
    port: server.port,
    work,
    connections: 32,
    seconds,
    maxRequests: 1_000_000,
  });
  return (server.cpuMicros() - before) / requests;
}
