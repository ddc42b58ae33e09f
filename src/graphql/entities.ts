import { GraphQLError, type GraphQLFieldResolver } from 'graphql';
import type { CommunitySource } from './community/source.ts';
import { requestedUserFields } from './community-user/costs.ts';
import { loadCommunityUser } from './community-user/load.ts';
import { CommunityUserSource } from './community-user/source.ts';
import type { GraphQLContext } from './context.ts';
import type { FederationReferenceTypes, ReferenceResolver } from './generated/resolvers.ts';
import { keyOf } from './representation.ts';

type EntitySource = CommunityUserSource | CommunitySource;

/** A representation as the router sends it. Its key is read with `keyOf`; whatever else it holds is not used. */
type Representation = Readonly<Record<string, unknown>>;

/** For each entity of the schema, how a representation of it is resolved. */
const references: {
  readonly [Entity in keyof FederationReferenceTypes]: ReferenceResolver<
    EntitySource | Error | null,
    Representation,
    GraphQLContext
  >;
} = {
  CommunityUser(representation, context, info) {
    const [communityId, userId] = keyOf(representation, 'communityId', 'userId');
    return loadCommunityUser(context, communityId, userId, requestedUserFields(info));
  },
  Community(representation) {
    const [id] = keyOf(representation, 'id');
    return { id };
  },
};

/**
 * `Query._entities` (Apollo Federation subgraph specification). Takes the place of the one that `@apollo/subgraph` brings,
 * in which one representation of an unknown type fails all the others: here each settles alone.
 */
export const entitiesResolver: GraphQLFieldResolver<
  unknown,
  GraphQLContext,
  { representations: readonly unknown[] }
> = (_root, { representations }, context, info) => {
  context.places.take(representations.length, info);
  return representations.map((representation) => {
    if (!isRepresentation(representation)) return unknownEntity();
    try {
      return references[representation.__typename](representation, context, info);
    } catch (error) {
      return error;
    }
  });
};

/** The type of what `entitiesResolver` gave, for the `_Entity` union. */
export function entityType(source: EntitySource): keyof FederationReferenceTypes {
  return source instanceof CommunityUserSource ? 'CommunityUser' : 'Community';
}

function isRepresentation(
  value: unknown,
): value is Representation & { __typename: keyof FederationReferenceTypes } {
  if (typeof value !== 'object' || value === null || !('__typename' in value)) return false;
  return typeof value.__typename === 'string' && Object.hasOwn(references, value.__typename);
}

function unknownEntity(): GraphQLError {
  const message = `A representation must be an object whose __typename is one of ${Object.keys(references).join(', ')}.`;
  return new GraphQLError(message, { extensions: { code: 'BAD_USER_INPUT' } });
}
