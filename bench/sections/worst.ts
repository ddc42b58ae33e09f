import type { Candidate } from '../candidates.ts';
import { runLoad } from '../load.ts';
import { sendInTurn } from '../request-series.ts';
import type { RestApi } from '../rest-api-process.ts';
import { type RunningServer, startServer } from '../server-process.ts';
import { median } from '../statistics.ts';
import { works } from '../works.ts';
import { dearAnswers } from '../worst/answers.ts';
import type { DearRequest, Variant } from '../worst/dear-request.ts';
import { dearDocuments, refusedDocuments } from '../worst/documents.ts';
import type { Section } from './section.ts';

/** In CPU of so many requests of W2. */
const maxCost = 100;
/** Of a refused document that comes again, as a share of its first time; what costs less than one W2 is not held to it. */
const maxShareAgain = 1 / 3;
/** The median counts: W2 itself, timed anew beside each, differs by a half where the machine is busy. */
const timesMeasured = 3;
/** Timed for so long, but at least three requests and at most a hundred. */
const microsTimed = 50_000;
const referenceSeconds = 0.3;

/** Each on a server of its own: what one leaves behind to collect shall not count for the next. */
const groups = [
  { requests: dearAnswers, isRemembered: false },
  { requests: dearDocuments, isRemembered: false },
  { requests: refusedDocuments, isRemembered: true },
];

/** The dearest requests that pass all limits, and refused documents that come again. */
export async function measureWorst(layer: Candidate, restApi: RestApi): Promise<Section> {
  const rows: string[][] = [];
  const failures: string[] = [];
  for (const { requests, isRemembered } of groups) {
    const env = { INTROSPECTION: 'true' };
    const server = await startServer(layer, { upstreamUrl: restApi.url, env });
    try {
      await reference(server, 2);
      for (const request of requests) {
        const isRefused = isRemembered || request.isRefused === true;
        const { first, again, bytes, fault } = await costOf(request, server);
        const wrong = complaint({ first, again, fault, isRefused, isRemembered });
        if (wrong !== undefined) failures.push(`${request.name}: ${wrong}`);
        const outcome = isRefused ? 'refused' : 'answered';
        const share = isRemembered ? `${((again / first) * 100).toFixed(0)} %` : '–';
        rows.push([request.name, outcome, `${bytes}`, first.toFixed(1), again.toFixed(1), share]);
        console.log(
          `worst  ${request.name.padEnd(50)} ${first.toFixed(1)}, again ${again.toFixed(1)} × W2  ${wrong ?? ''}`,
        );
      }
    } finally {
      await server.stop();
    }
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

interface Found {
  readonly first: number;
  readonly again: number;
  readonly fault: string | undefined;
  readonly isRefused: boolean;
  /** Whether the document itself is refused, so that the refusal is known when it comes again. */
  readonly isRemembered: boolean;
}

function complaint({ first, again, fault, isRefused, isRemembered }: Found): string | undefined {
  const isAnswered = isAnswer(fault);
  if (isAnswered === isRefused)
    return isAnswered ? 'was answered' : `was refused: ${fault?.split('\r\n\r\n').at(-1)?.slice(0, 200)}`;
  const dearest = Math.max(first, again);
  if (dearest > maxCost) return `costs ${dearest.toFixed(0)} × W2`;
  if (isRemembered && again > Math.max(1, first * maxShareAgain)) return 'costs too much when it comes again';
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
  const cost = async (isNew: boolean, count: number) => {
    const bodies = Array.from({ length: count }, () => request.body(next(isNew)));
    const before = server.cpuMicros();
    const [fault] = await sendInTurn(server.port, bodies);
    return { micros: (server.cpuMicros() - before) / bodies.length, fault };
  };
  // Their code is compiled then.
  const { fault, micros: estimate } = await cost(true, 3);
  const count = Math.min(100, Math.max(3, Math.ceil(microsTimed / estimate)));
  const firsts: number[] = [];
  const agains: number[] = [];
  for (let i = 0; i < timesMeasured; i++) {
    const micros = await reference(server, referenceSeconds);
    firsts.push((await cost(true, count)).micros / micros);
    agains.push((await cost(false, count)).micros / micros);
  }
  return {
    first: median(firsts),
    again: median(agains),
    bytes: Buffer.byteLength(request.body(next(false))),
    fault,
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
