import { userIdOf } from '../users.ts';
import { type DearRequest, numbered, restFields, times } from './dear-request.ts';

const user = 'communityUser(communityId: 1, userId: 1)';
const tenFields = restFields.join(' ');

/** Documents that pass all limits, and are dear to parse, to validate, to plan or to introspect with. */
export const dearDocuments: readonly DearRequest[] = [
  document(
    '1,900 fields under 100 aliases',
    (name) =>
      `query ${name} { ${times(100, (i) => `a${i}: ${user} { ${tenFields} communityId userId __typename isWithheld(field: id) }`)} }`,
  ),
  document(
    '100 selections to merge',
    (name) => `query ${name} { ${times(100, () => `${user} { ${tenFields} communityId userId }`)} }`,
  ),
  document(
    '100 fragments side by side',
    (name) =>
      `query ${name} { ${times(99, (i) => `...F${i}`)} } ${times(99, (i) => `fragment F${i} on Query { a${i}: ${user} { ${tenFields} } }`)}`,
  ),
  document(
    'fragments in fragments, 100 deep',
    (name) =>
      `query ${name} { ...F0 } ${times(99, (i) => `fragment F${i} on Query { a${i}: ${user} { ${tenFields} } ...F${i + 1} }`)} fragment F99 on Query { __typename }`,
  ),
  document(
    '250 operations over 98 fragments',
    (name) =>
      `query ${name} { __typename } ${times(250, (i) => `query ${name}_${i} { ...F0 }`)} ${times(98, (i) => `fragment F${i} on Query { ...F${i + 1} ${user} { id } }`)} fragment F98 on Query { __typename }`,
  ),
  document(
    'inline fragments, 480 deep',
    (name) => `query ${name} { ${user} { ${'... { '.repeat(480)} id ${'} '.repeat(480)} } }`,
  ),
  document(
    '3,900 ids as literals',
    (name) => `query ${name} { communityUsers(communityId: 1, userIds: [${times(3900, () => '1')}]) { id } }`,
  ),
  document(
    '350 representations as literals',
    (name) =>
      `query ${name} { _entities(representations: [${times(350, () => '{ __typename: "Community", id: 1 }')}]) { ... on Community { id } } }`,
  ),
  document('100 KB of comments', (name) => `query ${name} { __typename } ${'#aaa\n'.repeat(20_000)}`),
  document(
    '100 KB of a block string',
    (name) =>
      `query ${name} { communityUser(communityId: """${'a\n '.repeat(33_000)}""", userId: 1) { id } }`,
  ),
  document(
    '100 KB of names',
    (name) => `query ${name} { ${times(100, (i) => `a${i}${'x'.repeat(950)}: ${user} { id }`)} }`,
  ),
  {
    name: '490 variables, a user each',
    body: ({ text }) =>
      JSON.stringify({
        operationName: `Q${text}`,
        query: `query Q${text}(${times(490, (i) => `$v${i}: ID!`)}) { communityUsers(communityId: 1, userIds: [${times(490, (i) => `$v${i}`)}]) { id } }`,
        variables: numbered('v', 490, userIdOf),
      }),
  },
  {
    name: 'conditions: a new plan each time',
    body: ({ text, turn }) =>
      JSON.stringify({
        operationName: `Q${text}`,
        query: `query Q${text}(${times(16, (i) => `$b${i}: Boolean!`)}) { ${times(90, (i) => `a${i}: ${user} { ${tenFields} @skip(if: $b${i % 16}) communityId userId @include(if: $b${(i + 5) % 16}) }`)} }`,
        variables: numbered('b', 16, (i) => Math.floor(turn / 2 ** i) % 2 === 1),
      }),
  },
  document(
    'introspection, 90 aliases',
    (name) =>
      `query ${name} { ${times(90, (i) => `a${i}: __schema { types { name description fields(includeDeprecated: true) { name description args { name description type { name } } } } }`)} }`,
  ),
  document(
    'introspection, 150 aliases within',
    (name) =>
      `query ${name} { __schema { ${times(150, (i) => `a${i}: types { fields { args { type { name } } } }`)} } }`,
  ),
  document(
    'introspection, fields of the types of fields',
    (name) =>
      `query ${name} { __schema { types { fields { type { fields { ...L } ofType { fields { ...L } ofType { fields { ...L } ofType { fields { ...L } } } } } } } } } fragment L on __Field { ${times(120, (i) => `n${i}: args { name }`)} }`,
  ),
  document(
    'the SDL, 100 times',
    (name) => `query ${name} { ${times(100, (i) => `a${i}: _service { sdl }`)} }`,
  ),
];

/** Documents that are refused, and are dear to find at fault. */
export const refusedDocuments: readonly DearRequest[] = [
  document('a syntax error after 3,900 tokens', (name) => `query ${name} { ${times(3900, () => 'id')} !`),
  document('a syntax error after 100 KB of comments', (name) => `query ${name} ${'#aaa\n'.repeat(20_000)} !`),
  document('more than 4,000 tokens', (name) => `query ${name} { ${times(15_000, () => 'id')} }`),
  document('1,300 unknown fields', (name) => `query ${name} { ${times(1300, (i) => `a${i} { id }`)} }`),
  document('too many aliases', (name) => `query ${name} { ${times(300, (i) => `a${i}: ${user} { id }`)} }`),
  document(
    'fragments that double, 90 deep',
    (name) =>
      `query ${name} { ...F0 } ${times(90, (i) => `fragment F${i} on Query { ...F${i + 1} ...F${i + 1} ${user} { id } }`)} fragment F90 on Query { __typename }`,
  ),
  document(
    'selections that take too long to compare',
    (name) => `query ${name} { ${times(36, () => `${user} { ${times(50, () => 'id')} }`)} }`,
  ),
  document(
    '100 aliases that do not merge',
    (name) =>
      `query ${name} { ${times(50, (i) => `${user} { a: ${restFields[i % 10]} b: ${restFields[(i + 1) % 10]} c: ${restFields[(i + 2) % 10]} }`)} }`,
  ),
  document(
    'brackets, 1,900 deep',
    (name) =>
      `query ${name} { communityUsers(communityId: 1, userIds: ${'['.repeat(1900)}${']'.repeat(1900)}) { id } }`,
  ),
  document('a mutation of 1,900 fields', (name) => `mutation ${name} { ${times(1900, (i) => `a${i}`)} }`),
];

function document(name: string, make: (operation: string) => string): DearRequest {
  return { name, body: ({ text }) => JSON.stringify({ operationName: `Q${text}`, query: make(`Q${text}`) }) };
}
