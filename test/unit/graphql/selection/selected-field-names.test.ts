import { describe, expect, test } from 'vitest';
import { selectedFieldNames } from '#graphql/selection/selected-field-names.ts';
import { infoOf, infoOfUser } from './info.ts';

function namesOf(selections: string, more: Parameters<typeof infoOfUser>[1] = {}): string[] {
  return [...selectedFieldNames('CommunityUser', infoOfUser(selections, more)).names].sort();
}

test.each([
  ['fields', 'email username', ['email', 'username']],
  [
    'fields by their own name, not by their alias',
    'email: username shown: displayName',
    ['displayName', 'username'],
  ],
  ['the same field twice', 'email email other: email', ['email']],
  [
    'no fields of what is nested',
    'community { id user(userId: "v") { email } } username',
    ['community', 'username'],
  ],
  ['the type', '__typename', ['__typename']],
])('names %s', (_what, selections, names) => {
  expect(namesOf(selections)).toEqual(names);
});

describe('inline fragments', () => {
  test.each([
    ['without a type', '... { email ... { username } }', ['email', 'username']],
    [
      'on the type itself',
      '... on CommunityUser { email ... on CommunityUser { username } }',
      ['email', 'username'],
    ],
    [
      'on a union that it belongs to',
      '... on _Entity { __typename ... on CommunityUser { email } }',
      ['__typename', 'email'],
    ],
    [
      'on another member of a union',
      '... on _Entity { ... on Community { id } ... on CommunityUser { email } }',
      ['email'],
    ],
  ])('%s', (_what, selections, names) => {
    expect(namesOf(selections)).toEqual(names);
  });
});

describe('named fragments', () => {
  test.each([
    ['are followed', '...A', 'fragment A on CommunityUser { email }', ['email']],
    [
      'are followed through others',
      'username ...A',
      'fragment A on CommunityUser { ...B email } fragment B on CommunityUser { ... { ...C } isOnline } fragment C on CommunityUser { avatar }',
      ['avatar', 'email', 'isOnline', 'username'],
    ],
    [
      'are followed where they are on a union',
      '...A',
      'fragment A on _Entity { ...B } fragment B on CommunityUser { email }',
      ['email'],
    ],
    [
      'are not followed where they are on another member of it',
      '... on _Entity { ...A ...B }',
      'fragment A on Community { id } fragment B on CommunityUser { email }',
      ['email'],
    ],
    ['are followed once', '...A ...A ... { ...A }', 'fragment A on CommunityUser { email }', ['email']],
  ])('%s', (_what, selections, fragments, names) => {
    expect(namesOf(selections, { fragments })).toEqual(names);
  });
});

describe('conditions', () => {
  test.each([
    ['@skip(if: true)', false],
    ['@skip(if: false)', true],
    ['@include(if: true)', true],
    ['@include(if: false)', false],
    ['@skip(if: false) @include(if: true)', true],
    ['@skip(if: true) @include(if: true)', false],
    ['@skip(if: false) @include(if: false)', false],
    ['@include(if: $yes)', true],
    ['@include(if: $no)', false],
    ['@skip(if: $yes)', false],
    ['@skip(if: $no)', true],
    ['@include(if: $yesByDefault)', true],
    ['@skip(if: $yesByDefault)', false],
    ['@include(if: $noByDefault)', false],
    ['@skip(if: $noByDefault)', true],
    ['@include(if: $notTheDefault)', true],
    ['@skip(if: $no) @include(if: $no)', false],
  ])('%s holds for fields and fragments alike', (directives, included) => {
    const more = {
      declarations:
        '($yes: Boolean!, $no: Boolean!, $yesByDefault: Boolean = true, $noByDefault: Boolean! = false, $notTheDefault: Boolean = false)',
      variables: { yes: true, no: false, notTheDefault: true },
      fragments:
        'fragment F on CommunityUser { _id @include(if: $yes) id @include(if: $no) avatar @include(if: $yesByDefault) lastName @include(if: $noByDefault) firstName @include(if: $notTheDefault) }',
    };
    const always = 'community { id } ... @include(if: false) { ...F }';
    const names = ['community', ...(included ? ['email'] : [])];
    expect(namesOf(`${always} email ${directives}`, more)).toEqual(names);
    expect(namesOf(`${always} ... ${directives} { email }`, more)).toEqual(names);
    expect(namesOf(`${always} ... on CommunityUser ${directives} { email }`, more)).toEqual(names);
    const { fragments } = more;
    const spread = { ...more, fragments: `${fragments} fragment G on CommunityUser { email }` };
    expect(namesOf(`${always} ...G ${directives}`, spread)).toEqual(names);
  });

  test('a spread that is skipped does not stand in the way of the same spread elsewhere', () => {
    const fragments = 'fragment F on CommunityUser { email }';
    expect(namesOf('...F @skip(if: true) ...F', { fragments })).toEqual(['email']);
    expect(namesOf('...F ...F @skip(if: true)', { fragments })).toEqual(['email']);
  });

  test('a null for a condition is refused, as graphql-js refuses it', () => {
    const more = { declarations: '($if: Boolean = true)', variables: { if: null } };
    expect(() => namesOf('email @skip(if: $if)', more)).toThrow('must not be null');
  });

  test.each([
    ['email', false],
    ['email @skip(if: false)', true],
    ['...F', false],
    ['... @include(if: true) { email }', true],
    ['... { ...G }', true],
    ['... @skip(if: true) { email }', true],
  ])('%s tells whether other variables could select other fields', (selections, conditional) => {
    const fragments =
      'fragment F on CommunityUser { email } fragment G on CommunityUser { email @include(if: true) }';
    const info = infoOfUser(`${selections} ... { ...F } community { ...H }`, {
      fragments: `${selections.includes('G') ? fragments : 'fragment F on CommunityUser { email }'} fragment H on Community { id @skip(if: false) }`,
    });
    expect(selectedFieldNames('CommunityUser', info).conditional).toBe(conditional);
  });
});

test('fields of all nodes that are merged into one field are named', () => {
  const info = infoOf(`{
    communityUser(communityId: "c", userId: "u") { email ...F }
    communityUser(communityId: "c", userId: "u") { username ...F }
  }
  fragment F on CommunityUser { avatar }`);
  expect([...selectedFieldNames('CommunityUser', info).names].sort()).toEqual([
    'avatar',
    'email',
    'username',
  ]);
});
