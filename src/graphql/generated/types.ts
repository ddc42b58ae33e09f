export type Maybe<T> = T | null;
export type InputMaybe<T> = Maybe<T>;
/** All built-in and custom scalars, mapped to their actual values */
export type Scalars = {
  ID: { input: string; output: string; }
  String: { input: string; output: string; }
  Boolean: { input: boolean; output: boolean; }
  Int: { input: number; output: number; }
  Float: { input: number; output: number; }
  /**
   * A moment in time as RFC 3339 writes it, always in UTC with milliseconds and a year from 0000 to 9999:
   * `2023-12-01T10:30:00.000Z`.
   */
  DateTime: { input: string; output: string; }
};

/** A community: the place in which users are looked up. Costs no REST call of its own, and says nothing of whether it exists. */
export type Community = {
  __typename?: 'Community';
  /** The community's identifier. */
  id: Scalars['ID']['output'];
  /** One user of this community, or null where it has no such user. Costs one REST call. */
  user?: Maybe<CommunityUser>;
  /**
   * Several users of this community, in the order of `userIds`, with null where it has no such user.
   * Costs one REST call for each distinct user.
   */
  users: Array<Maybe<CommunityUser>>;
};


/** A community: the place in which users are looked up. Costs no REST call of its own, and says nothing of whether it exists. */
export type CommunityUserArgs = {
  userId: Scalars['ID']['input'];
};


/** A community: the place in which users are looked up. Costs no REST call of its own, and says nothing of whether it exists. */
export type CommunityUsersArgs = {
  userIds: Array<Scalars['ID']['input']>;
};

/**
 * A user as a member of one community. Every field that the REST API holds can be null: it is empty, or the caller
 * may not see it. `isWithheld` tells the two apart.
 */
export type CommunityUser = {
  __typename?: 'CommunityUser';
  /** The user's identifier in the REST API's database, usually the same as `userId`. */
  _id?: Maybe<Scalars['ID']['output']>;
  /** Address of the user's picture. */
  avatar?: Maybe<Scalars['String']['output']>;
  /** The community that the user was looked up in. Costs no REST field. */
  community: Community;
  /** The community that the user was looked up in. Costs no REST field. */
  communityId: Scalars['ID']['output'];
  /** The name that the community shows. */
  displayName?: Maybe<Scalars['String']['output']>;
  /** E-mail address. The REST API withholds it from plain members who read somebody else. */
  email?: Maybe<Scalars['String']['output']>;
  /** Given name. */
  firstName?: Maybe<Scalars['String']['output']>;
  /** The user's number. A number in the REST API; a string here, since it may not fit into 32 bits. */
  id?: Maybe<Scalars['ID']['output']>;
  /** Whether the user is connected at the moment. */
  isOnline?: Maybe<Scalars['Boolean']['output']>;
  /**
   * Whether the REST API left this field out of its answer: then it is hidden from the caller, where a null that is not
   * withheld is empty. Costs the REST field that it asks about, and nothing where that is selected anyway.
   */
  isWithheld: Scalars['Boolean']['output'];
  /** When the user was last seen. The REST API withholds it from plain members who read somebody else. */
  lastLogin?: Maybe<Scalars['DateTime']['output']>;
  /** Family name. */
  lastName?: Maybe<Scalars['String']['output']>;
  /** The id that the user was looked up by. Costs no REST field. */
  userId: Scalars['ID']['output'];
  /** The user's login name, unique on the platform. */
  username?: Maybe<Scalars['String']['output']>;
};


/**
 * A user as a member of one community. Every field that the REST API holds can be null: it is empty, or the caller
 * may not see it. `isWithheld` tells the two apart.
 */
export type CommunityUserIsWithheldArgs = {
  field: CommunityUserField;
};

/** The fields of a user that the REST API can be asked for, under its own names. */
export type CommunityUserField =
  /** `CommunityUser._id` */
  | '_id'
  /** `CommunityUser.avatar` */
  | 'avatar'
  /** `CommunityUser.displayName` */
  | 'displayName'
  /** `CommunityUser.email` */
  | 'email'
  /** `CommunityUser.firstName` */
  | 'firstName'
  /** `CommunityUser.id` */
  | 'id'
  /** `CommunityUser.isOnline` */
  | 'isOnline'
  /** `CommunityUser.lastLogin` */
  | 'lastLogin'
  /** `CommunityUser.lastName` */
  | 'lastName'
  /** `CommunityUser.username` */
  | 'username';

/** Entry points of the graph. */
export type Query = {
  __typename?: 'Query';
  /**
   * One user of a community, or null where the community has no such user.
   * Costs one REST call, which asks for exactly the fields selected here.
   */
  communityUser?: Maybe<CommunityUser>;
  /**
   * Several users of one community, in the order of `userIds`, with null where the community has no such user.
   * Costs one REST call for each distinct user.
   */
  communityUsers: Array<Maybe<CommunityUser>>;
};


/** Entry points of the graph. */
export type QueryCommunityUserArgs = {
  communityId: Scalars['ID']['input'];
  userId: Scalars['ID']['input'];
};


/** Entry points of the graph. */
export type QueryCommunityUsersArgs = {
  communityId: Scalars['ID']['input'];
  userIds: Array<Scalars['ID']['input']>;
};
