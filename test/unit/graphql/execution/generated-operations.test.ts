import fc from 'fast-check';
import { Kind, parse } from 'graphql';
import { expect, test } from 'vitest';
import { CompiledOperations } from '#graphql/execution/compiled-operations.ts';
import { createSchema } from '#graphql/schema.ts';
import { BadResponseError, FieldTypeError, RateLimitedError, UnavailableError } from '#upstream/errors.ts';
import { generatedOperation } from '../../../support/operations/generate.ts';
import type { GeneratedOperation } from '../../../support/operations/to-operation.ts';
import { absent, failed, found, type ScriptedGet } from '../../../support/scripted-reader.ts';
import { createExecutors, type World } from './executors.ts';

const OPERATIONS = 500;

/** What may become of a user's GETs. */
const fates = {
  good: ({ question }: ScriptedGet) => found(question, { ...GOOD, _id: question.identifiers[1] }),
  empty: ({ question }: ScriptedGet) =>
    found(question, Object.fromEntries(Object.keys(GOOD).map((key) => [key, null]))),
  withheld: ({ question }: ScriptedGet) => found(question, { displayName: 'Some', username: null }),
  wrong: ({ question }: ScriptedGet) =>
    found(question, { ...GOOD, id: new FieldTypeError('id'), lastLogin: new FieldTypeError('lastLogin') }),
  absent: () => absent,
  down: () => failed(new UnavailableError('it answered 500')),
  broken: () => failed(new BadResponseError('it is not JSON')),
  limited: () => failed(new RateLimitedError(7)),
  unforeseen: () => failed(new TypeError('secret')),
};

const GOOD = {
  _id: 'id',
  id: '9007199254740993',
  avatar: null,
  displayName: 'Zoë',
  username: 'zoe',
  firstName: '',
  lastName: '李',
  email: 'zoe@example.com',
  isOnline: false,
  lastLogin: new Date('2023-12-01T10:30:00.123Z'),
};

/** Gives each user a fate of its own, in both communities the same. */
const generatedWorld = fc
  .array(fc.constantFrom(...Object.values(fates)), { minLength: 1, maxLength: 7 })
  .map((dealt): World => {
    const byUser = new Map<string, World>();
    return (get) => {
      const [, userId = ''] = get.question.identifiers;
      const fate =
        byUser.get(userId) ?? dealt[Number.parseInt(userId.slice(-4), 16) % dealt.length] ?? fates.good;
      byUser.set(userId, fate);
      return fate(get);
    };
  });

test('generated operations over users of all fates are answered alike by graphql-js and by compiled code', async () => {
  let compiled = 0;
  await fc.assert(
    fc.asyncProperty(
      generatedOperation,
      generatedWorld,
      fc.nat(5),
      async ({ query, variables }, world, order) => {
        const execute = createExecutors(world);
        const byGraphqlJs = await execute(query, { variables });
        for (const later of [0, order, order + 1]) {
          expect(await execute(query, { variables, order: later })).toEqual(byGraphqlJs);
        }
        if (isCompiled({ query, variables })) compiled++;
      },
    ),
    { numRuns: OPERATIONS, seed: 20_231_201 },
  );
  expect(compiled).toBeGreaterThan(OPERATIONS / 2);
});

const schema = createSchema();

function isCompiled({ query, variables }: GeneratedOperation): boolean {
  const document = parse(query);
  const operation = document.definitions.find(({ kind }) => kind === Kind.OPERATION_DEFINITION);
  if (operation?.kind !== Kind.OPERATION_DEFINITION) return false;
  const operations = new CompiledOperations(schema);
  const valid = { text: query, name: undefined, document, operation };
  operations.find(valid, variables);
  return operations.find(valid, variables) !== undefined;
}
