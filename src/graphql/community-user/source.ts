import type { LoadedItem } from '#loader/entry.ts';
import type { FieldSet } from '#upstream/resource.ts';
import type { CommunitySource } from '../community/source.ts';
import type { CommunityUser } from '../generated/resolvers.ts';
import { type CommunityUserField, communityUserResource } from './resource.ts';

/** Every field of the GraphQL type, as the executor reads it: a property. An `Error` in it becomes that field's error. */
type Readable = { readonly [Field in Exclude<keyof CommunityUser, '__typename'>]: unknown };

/** What the fields of one selection of a `CommunityUser` are read from. */
export class CommunityUserSource implements Readable {
  readonly communityId: string;
  readonly userId: string;
  readonly #requested: FieldSet;
  readonly #item: LoadedItem;

  /** `requested`: the REST fields that this selection asked for, be the item known by more of them. */
  constructor(communityId: string, userId: string, requested: FieldSet, item: LoadedItem) {
    this.communityId = communityId;
    this.userId = userId;
    this.#requested = requested;
    this.#item = item;
  }

  get community(): CommunitySource {
    return { id: this.communityId };
  }

  get withheldFields(): CommunityUserField[] {
    return communityUserResource.fieldsIn(this.#requested & ~this.#item.present);
  }

  get _id(): unknown {
    return this.#item.values._id;
  }
  get id(): unknown {
    return this.#item.values.id;
  }
  get avatar(): unknown {
    return this.#item.values.avatar;
  }
  get displayName(): unknown {
    return this.#item.values.displayName;
  }
  get username(): unknown {
    return this.#item.values.username;
  }
  get firstName(): unknown {
    return this.#item.values.firstName;
  }
  get lastName(): unknown {
    return this.#item.values.lastName;
  }
  get email(): unknown {
    return this.#item.values.email;
  }
  get isOnline(): unknown {
    return this.#item.values.isOnline;
  }
  get lastLogin(): unknown {
    return this.#item.values.lastLogin;
  }
}
