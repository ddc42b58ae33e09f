/** A user as the REST API answers it. */
export type CommunityUser = {
  readonly _id: string;
  readonly id: number;
  readonly avatar: string | null;
  readonly displayName: string;
  readonly username: string;
  readonly firstName: string | null;
  readonly lastName: string | null;
  readonly email: string;
  readonly isOnline: boolean;
  readonly lastLogin: string | null;
};

/** The flags that the REST API knows, in the order in which it documents and answers them. */
export const userFields = [
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
] as const satisfies readonly (keyof CommunityUser)[];
