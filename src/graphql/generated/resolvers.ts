import type { GraphQLResolveInfo, GraphQLScalarType, GraphQLScalarTypeConfig } from 'graphql';
import type { CommunityUserSource } from '../community-user/source.ts';
import type { CommunitySource } from '../community/source.ts';
import type { GraphQLContext } from '../context.ts';
export type Maybe<T> = T | null;
export type InputMaybe<T> = Maybe<T>;
export type RequireFields<T, K extends keyof T> = Omit<T, K> & { [P in K]-?: NonNullable<T[P]> };
/** All built-in and custom scalars, mapped to their actual values */
export type Scalars = {
  ID: { input: string; output: string; }
  String: { input: string; output: string; }
  Boolean: { input: boolean; output: boolean; }
  Int: { input: number; output: number; }
  Float: { input: number; output: number; }
  /** A moment in time, as RFC 3339 writes it: `2023-12-01T10:30:00.000Z`. */
  DateTime: { input: string; output: string; }
  _FieldSet: { input: string; output: string; }
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
 * may not see it. `withheldFields` tells the two apart.
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
  /** When the user was last seen. The REST API withholds it from plain members who read somebody else. */
  lastLogin?: Maybe<Scalars['DateTime']['output']>;
  /** Family name. */
  lastName?: Maybe<Scalars['String']['output']>;
  /** The id that the user was looked up by. Costs no REST field. */
  userId: Scalars['ID']['output'];
  /** The user's login name, unique on the platform. */
  username?: Maybe<Scalars['String']['output']>;
  /**
   * The REST fields that this selection asked for and the REST API left out of its answer: those are hidden from the
   * caller, where a null that is not listed here is empty. Costs no REST field.
   */
  withheldFields: Array<CommunityUserField>;
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



export type ResolverTypeWrapper<T> = Promise<T> | Promise<T | Error | null> | T;

export type ReferenceResolver<TResult, TReference, TContext> = (
      reference: TReference,
      context: TContext,
      info: GraphQLResolveInfo
    ) => Promise<TResult> | TResult;

      type ScalarCheck<T, S> = S extends true ? T : NullableCheck<T, S>;
      type NullableCheck<T, S> = Maybe<T> extends T ? Maybe<ListCheck<NonNullable<T>, S>> : ListCheck<T, S>;
      type ListCheck<T, S> = T extends (infer U)[] ? NullableCheck<U, S>[] : GraphQLRecursivePick<T, S>;
      export type GraphQLRecursivePick<T, S> = { [K in keyof T & keyof S]: ScalarCheck<T[K], S[K]> };
    

export type ResolverWithResolve<TResult, TParent, TContext, TArgs> = {
  resolve: ResolverFn<TResult, TParent, TContext, TArgs>;
};
export type Resolver<TResult, TParent = Record<PropertyKey, never>, TContext = Record<PropertyKey, never>, TArgs = Record<PropertyKey, never>> = ResolverFn<TResult, TParent, TContext, TArgs> | ResolverWithResolve<TResult, TParent, TContext, TArgs>;

export type ResolverFn<TResult, TParent, TContext, TArgs> = (
  parent: TParent,
  args: TArgs,
  context: TContext,
  info: GraphQLResolveInfo
) => Promise<TResult> | TResult;

export type SubscriptionSubscribeFn<TResult, TParent, TContext, TArgs> = (
  parent: TParent,
  args: TArgs,
  context: TContext,
  info: GraphQLResolveInfo
) => AsyncIterable<TResult> | Promise<AsyncIterable<TResult>>;

export type SubscriptionResolveFn<TResult, TParent, TContext, TArgs> = (
  parent: TParent,
  args: TArgs,
  context: TContext,
  info: GraphQLResolveInfo
) => TResult | Promise<TResult>;

export interface SubscriptionSubscriberObject<TResult, TKey extends string, TParent, TContext, TArgs> {
  subscribe: SubscriptionSubscribeFn<{ [key in TKey]: TResult }, TParent, TContext, TArgs>;
  resolve?: SubscriptionResolveFn<TResult, { [key in TKey]: TResult }, TContext, TArgs>;
}

export interface SubscriptionResolverObject<TResult, TParent, TContext, TArgs> {
  subscribe: SubscriptionSubscribeFn<any, TParent, TContext, TArgs>;
  resolve: SubscriptionResolveFn<TResult, any, TContext, TArgs>;
}

export type SubscriptionObject<TResult, TKey extends string, TParent, TContext, TArgs> =
  | SubscriptionSubscriberObject<TResult, TKey, TParent, TContext, TArgs>
  | SubscriptionResolverObject<TResult, TParent, TContext, TArgs>;

export type SubscriptionResolver<TResult, TKey extends string, TParent = Record<PropertyKey, never>, TContext = Record<PropertyKey, never>, TArgs = Record<PropertyKey, never>> =
  | ((...args: any[]) => SubscriptionObject<TResult, TKey, TParent, TContext, TArgs>)
  | SubscriptionObject<TResult, TKey, TParent, TContext, TArgs>;

export type TypeResolveFn<TTypes, TParent = Record<PropertyKey, never>, TContext = Record<PropertyKey, never>> = (
  parent: TParent,
  context: TContext,
  info: GraphQLResolveInfo
) => Maybe<TTypes> | Promise<Maybe<TTypes>>;

export type IsTypeOfResolverFn<T = Record<PropertyKey, never>, TContext = Record<PropertyKey, never>> = (obj: T, context: TContext, info: GraphQLResolveInfo) => boolean | Promise<boolean>;

export type NextResolverFn<T> = () => Promise<T>;

export type DirectiveResolverFn<TResult = Record<PropertyKey, never>, TParent = Record<PropertyKey, never>, TContext = Record<PropertyKey, never>, TArgs = Record<PropertyKey, never>> = (
  next: NextResolverFn<TResult>,
  parent: TParent,
  args: TArgs,
  context: TContext,
  info: GraphQLResolveInfo
) => TResult | Promise<TResult>;

/** Mapping of federation types */
export type FederationTypes = {
  Community: Community;
  CommunityUser: CommunityUser;
};

/** Mapping of federation reference types */
export type FederationReferenceTypes = {
  Community:
    ( { __typename: 'Community' }
    & GraphQLRecursivePick<FederationTypes['Community'], {"id":true}> );
  CommunityUser:
    ( { __typename: 'CommunityUser' }
    & GraphQLRecursivePick<FederationTypes['CommunityUser'], {"communityId":true,"userId":true}> );
};



/** Mapping between all available schema types and the resolvers types */
export type ResolversTypes = {
  Community: ResolverTypeWrapper<CommunitySource>;
  ID: ResolverTypeWrapper<Scalars['ID']['output']>;
  CommunityUser: ResolverTypeWrapper<CommunityUserSource>;
  String: ResolverTypeWrapper<Scalars['String']['output']>;
  Boolean: ResolverTypeWrapper<Scalars['Boolean']['output']>;
  CommunityUserField: CommunityUserField;
  DateTime: ResolverTypeWrapper<Scalars['DateTime']['output']>;
  Query: ResolverTypeWrapper<Record<PropertyKey, never>>;
};

/** Mapping between all available schema types and the resolvers parents */
export type ResolversParentTypes = {
  Community: CommunitySource;
  ID: Scalars['ID']['output'];
  CommunityUser: CommunityUserSource;
  String: Scalars['String']['output'];
  Boolean: Scalars['Boolean']['output'];
  DateTime: Scalars['DateTime']['output'];
  Query: Record<PropertyKey, never>;
};

export type CommunityResolvers<ContextType = GraphQLContext, ParentType extends ResolversParentTypes['Community'] = ResolversParentTypes['Community'], FederationReferenceType extends FederationReferenceTypes['Community'] = FederationReferenceTypes['Community']> = {
  __resolveReference?: ReferenceResolver<Maybe<ResolversTypes['Community']> | FederationReferenceType, FederationReferenceType, ContextType>;
  id?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  user?: Resolver<Maybe<ResolversTypes['CommunityUser']>, ParentType, ContextType, RequireFields<CommunityUserArgs, 'userId'>>;
  users?: Resolver<Array<Maybe<ResolversTypes['CommunityUser']>>, ParentType, ContextType, RequireFields<CommunityUsersArgs, 'userIds'>>;
};

export type CommunityUserResolvers<ContextType = GraphQLContext, ParentType extends ResolversParentTypes['CommunityUser'] = ResolversParentTypes['CommunityUser'], FederationReferenceType extends FederationReferenceTypes['CommunityUser'] = FederationReferenceTypes['CommunityUser']> = {
  __resolveReference?: ReferenceResolver<Maybe<ResolversTypes['CommunityUser']> | FederationReferenceType, FederationReferenceType, ContextType>;
  _id?: Resolver<Maybe<ResolversTypes['ID']>, ParentType, ContextType>;
  avatar?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  community?: Resolver<ResolversTypes['Community'], ParentType, ContextType>;
  communityId?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  displayName?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  email?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  firstName?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  id?: Resolver<Maybe<ResolversTypes['ID']>, ParentType, ContextType>;
  isOnline?: Resolver<Maybe<ResolversTypes['Boolean']>, ParentType, ContextType>;
  lastLogin?: Resolver<Maybe<ResolversTypes['DateTime']>, ParentType, ContextType>;
  lastName?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  userId?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  username?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  withheldFields?: Resolver<Array<ResolversTypes['CommunityUserField']>, ParentType, ContextType>;
};

export interface DateTimeScalarConfig extends GraphQLScalarTypeConfig<ResolversTypes['DateTime'], any> {
  name: 'DateTime';
}

export type QueryResolvers<ContextType = GraphQLContext, ParentType extends ResolversParentTypes['Query'] = ResolversParentTypes['Query']> = {
  communityUser?: Resolver<Maybe<ResolversTypes['CommunityUser']>, ParentType, ContextType, RequireFields<QueryCommunityUserArgs, 'communityId' | 'userId'>>;
  communityUsers?: Resolver<Array<Maybe<ResolversTypes['CommunityUser']>>, ParentType, ContextType, RequireFields<QueryCommunityUsersArgs, 'communityId' | 'userIds'>>;
};

export type Resolvers<ContextType = GraphQLContext> = {
  Community?: CommunityResolvers<ContextType>;
  CommunityUser?: CommunityUserResolvers<ContextType>;
  DateTime?: GraphQLScalarType;
  Query?: QueryResolvers<ContextType>;
};

