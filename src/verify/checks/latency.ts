import type { RestAnswer } from '../ask.ts';
import { describe } from '../interpret.ts';
import { LATENCY_GETS, type ProbeName } from '../probes.ts';
import { type Check, deviates, type Evidence, holds, skipped } from './check.ts';

export interface Latency {
  readonly medianMs: number;
  readonly p95Ms: number;
  readonly maxMs: number;
}

/** The latency of the equal GETs that were made for it, undefined where none was answered. */
export function measureLatency(evidence: Evidence): Latency | undefined {
  const sorted = repeated(evidence)
    .filter((answer) => answer.kind === 'reply')
    .map(({ durationMs }) => durationMs)
    .sort((one, other) => one - other);
  if (sorted.length === 0) return undefined;
  const quantile = (share: number) => round(sorted[Math.ceil(share * sorted.length) - 1] ?? 0);
  return { medianMs: quantile(0.5), p95Ms: quantile(0.95), maxMs: quantile(1) };
}

/** Whether answers come in time, and many GETs in a row are all answered. */
export function checkLatency(evidence: Evidence): Check[] {
  return [checkRepeated(evidence), checkTimes(evidence), checkDeadline(evidence)];
}

const repeated = (evidence: Evidence) =>
  Array.from({ length: LATENCY_GETS }, (_, index): ProbeName => `latency ${index + 1}`).map((name) =>
    evidence.answer(name),
  );

function checkRepeated(evidence: Evidence): Check {
  const title = `${LATENCY_GETS} GETs in a row`;
  const usual = describe(evidence.answer('all flags'));
  const unusual = repeated(evidence).filter((answer) => describe(answer) !== usual);
  const [first] = unusual;
  if (first === undefined) return holds(title, `all like the first: ${usual}`);
  return deviates(
    title,
    `${unusual.length} unlike the first: ${describe(first)}`,
    evidence.layerAnswer(first),
  );
}

function checkTimes(evidence: Evidence): Check {
  const latency = measureLatency(evidence);
  if (latency === undefined) return skipped('latency', 'no answer to time');
  const { medianMs, p95Ms, maxMs } = latency;
  const { timeoutMs, attempts } = evidence.settings;
  const seen = `median ${medianMs} ms, 95 % ${p95Ms} ms, most ${maxMs} ms`;
  if (p95Ms * attempts <= timeoutMs) return holds('latency', seen);
  const consequence = `UPSTREAM_TIMEOUT where a GET fails at first: ${attempts} attempts do not fit in ${timeoutMs} ms`;
  return deviates('latency', seen, consequence);
}

function checkDeadline({ answers, settings }: Evidence): Check {
  const all = Array.from(answers.values());
  const slow = all.filter((answer) => isLate(answer, settings.timeoutMs)).length;
  const seen = `${slow} of ${all.length} answers later than ${settings.timeoutMs} ms`;
  return slow === 0
    ? holds('deadline', seen)
    : deviates('deadline', seen, 'UPSTREAM_TIMEOUT, for such a user');
}

function isLate(answer: RestAnswer, timeoutMs: number): boolean {
  return answer.kind === 'late' || (answer.kind === 'reply' && answer.durationMs > timeoutMs);
}

const round = (milliseconds: number) => Math.round(milliseconds * 10) / 10;
