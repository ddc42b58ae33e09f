import { community } from './community.ts';
import { communityUser } from './community-user.ts';
import type { Entity } from './define-entity.ts';
import { query } from './query.ts';

/** Every object type of the schema. */
export const entities: readonly Entity[] = [query, communityUser, community];
