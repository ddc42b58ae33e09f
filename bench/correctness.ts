import { isDeepStrictEqual } from 'node:util';
import type { RunningServer } from './server-process.ts';
import { userRecordOf } from './users.ts';
import { bodyOf, type Work } from './works.ts';

const requestsCompared = 10;

/**
 * Compares a server's answers with what the REST API's users say they must be, the floor's like everybody's. Throws,
 * with both answers, where they differ.
 */
export async function checkAnswers(server: RunningServer, work: Work): Promise<void> {
  for (let n = 0; n < requestsCompared; n++) {
    const response = await fetch(`http://127.0.0.1:${server.port}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: 'Bearer bench-token' },
      body: bodyOf(work, n),
    });
    const answer: unknown = await response.json();
    const expected = { data: expectedData(work, n) };
    if (!isDeepStrictEqual(answer, expected)) {
      throw new Error(
        `a wrong answer to ${work.name}: ${shorten(answer)} where ${shorten(expected)} was expected`,
      );
    }
  }
}

function expectedData(work: Work, n: number): Record<string, unknown> {
  const variables = work.variables(n);
  return Object.fromEntries(
    work.aliases.map(({ name, variable, fields }) => {
      const record = Object.entries(userRecordOf(String(variables[variable])));
      return [name, Object.fromEntries(record.filter(([field]) => fields.includes(field)))];
    }),
  );
}

function shorten(value: unknown): string {
  return JSON.stringify(value).slice(0, 400);
}
