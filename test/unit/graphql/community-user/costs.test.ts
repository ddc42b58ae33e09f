import { isObjectType } from 'graphql';
import { expect, test } from 'vitest';
import { requestedUserFields } from '#graphql/community-user/costs.ts';
import { communityUserResource } from '#graphql/community-user/resource.ts';
import { createSchema } from '#graphql/schema.ts';
import { infoOfUser } from '../selection/info.ts';

const FLAGS = [
  '_id',
  'id',
  'avatar',
  'displayName',
  'username',
  'firstName',
  'lastName',
  'email',
  'isOnline',
  'lastLogin',
];

test.each(FLAGS)('%s costs the flag of its name', (field) => {
  expect(communityUserResource.query(requestedUserFields(infoOfUser(field)))).toBe(`?${field}`);
});

test('flags go in the order in which the REST API documents them, whatever the order of the selection', () => {
  const info = infoOfUser(FLAGS.toReversed().join(' '));
  expect(communityUserResource.query(requestedUserFields(info))).toBe(`?${FLAGS.join('&')}`);
});

test('every other field of the type costs nothing', () => {
  const type = createSchema().getType('CommunityUser');
  const fields = isObjectType(type) ? Object.keys(type.getFields()) : [];
  const others = fields.filter((field) => !FLAGS.includes(field));
  expect(others.sort()).toEqual(['community', 'communityId', 'userId', 'withheldFields']);
  const info = infoOfUser(
    '__typename communityId userId withheldFields community { id user(userId: "v") { email } }',
  );
  expect(requestedUserFields(info)).toBe(0);
});
