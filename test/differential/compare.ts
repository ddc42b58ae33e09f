import fc from 'fast-check';
import { parse } from 'graphql';
import { expect } from 'vitest';
import type { Reply } from '#graphql/pipeline/reply.ts';
import type { ExpectedError } from './expected-errors.ts';
import type { GeneratedOperation } from './operations.ts';
import { type Expected, expectedAnswer } from './oracle.ts';
import type { Pipeline } from './pipeline.ts';
import { ScriptedReader } from './scripted-reader.ts';

/**
 * Executes an operation as often as it says, and holds each answer against that of graphql-js, its repetitions, and one
 * for which the REST API answers in another order.
 */
export async function compare(pipeline: Pipeline, operation: GeneratedOperation): Promise<void> {
  const { query, executions, hasToken, newer, seed } = operation;
  const document = parse(query);
  const answers = new Map<string, Answer>();
  for (const variables of executions) {
    const body = JSON.stringify({ query, variables });
    const reader = new ScriptedReader('together');
    const reply = await pipeline.answer({ body, hasToken, newer }, reader);
    const answer = { ...reply, waves: reader.waves };
    expect(pipeline.unexpected).toEqual([]);
    fc.pre(!OVER_LIMIT.test(reply.body));

    const first = answers.get(body);
    if (first !== undefined) expect(answer).toEqual(first);
    else checkAnswer(answer, await expectedAnswer(document, JSON.parse(body).variables, hasToken), newer);
    answers.set(body, answer);

    const shuffled = new ScriptedReader(randomNumbers(seed));
    expect(await pipeline.answer({ body, hasToken, newer }, shuffled)).toEqual(reply);
    checkFlags(shuffled.waves.flat(), answer.waves.flat());
  }
}

/** graphql-js has no limits on a document. */
export const OVER_LIMIT = /^\{"errors":\[\{"message":"[^"]+(\\"\w+\\")? [^"]+; at most \d+ are allowed\."/;

/** A reply with the GETs that were made for it. */
interface Answer extends Reply {
  readonly waves: readonly (readonly string[])[];
}

/** Holds an answer of the layer against that of graphql-js. */
function checkAnswer({ status, body, waves }: Answer, expected: Expected, newer: boolean): void {
  const { data, errors = [] } = JSON.parse(body);
  expect(waves.map((gets) => gets.toSorted())).toEqual(expected.waves);
  if (expected.data === undefined) expect(data).toBeUndefined();
  else expect(dataText(body)).toBe(expected.data);
  expect(status).toBe(expected.data === undefined && newer ? 400 : 200);
  expect(errors).toEqual(expected.errors.map(likeExpected));
}

/** The text of the data, with its keys in their order. Errors stand before it. */
function dataText(body: string): string {
  const { errors } = JSON.parse(body);
  const before = errors === undefined ? '{"data":' : `{"errors":${JSON.stringify(errors)},"data":`;
  expect(body.slice(0, before.length)).toBe(before);
  return body.slice(before.length, -'}\n'.length);
}

function likeExpected({ message, extensions, ...place }: ExpectedError) {
  return {
    ...place,
    message: message ?? expect.any(String),
    extensions: { ...extensions, requestId: 'request-1' },
  };
}

/** The order in which answers come may move flags from one GET to another; but none is asked for twice. */
function checkFlags(urls: readonly string[], usual: readonly string[]): void {
  const flags = flagsOf(urls);
  expect(flags).toEqual([...new Set(flags)]);
  expect(new Set(flags.map(userOf))).toEqual(new Set(flagsOf(usual).map(userOf)));
}

function flagsOf(urls: readonly string[]): string[] {
  return urls.flatMap((url) => {
    const [path, flags = ''] = url.split('?');
    return flags.split('&').map((flag) => `${path}?${flag}`);
  });
}

function userOf(url: string): string {
  return url.slice(0, url.indexOf('?'));
}

/** Numbers from 0 to 1 that are the same for the same seed. */
function randomNumbers(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}
