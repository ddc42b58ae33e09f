import { CombinedGraphQLErrors, type ErrorLike } from '@apollo/client';
import { useApolloClient, useFragment, useQuery } from '@apollo/client/react';
import { useState } from 'react';
import { Avatar } from './avatar.tsx';
import type { Caller } from './callers.ts';
import { communityId } from './demo-users.ts';
import { explainError, failedParts } from './explain-error.ts';
import type { ProfileQuery } from './generated/graphql.ts';
import { graphql } from './generated/index.ts';
import { memberCard } from './member-card.tsx';
import { MemberDetails } from './member-details.tsx';
import { Notice } from './notice.tsx';
import { SlowHint } from './slow-hint.tsx';

const profileQuery = graphql(`
  query Profile($communityId: ID!, $userId: ID!, $withCard: Boolean!) {
    communityUser(communityId: $communityId, userId: $userId) {
      communityId
      userId
      ...MemberCard @include(if: $withCard)
      ...MemberDetails
    }
  }
`);

/** The id of the panel's heading, which gets the focus when the panel opens. */
export const PROFILE_HEADING = 'profile-name';

interface ProfileProps {
  readonly userId: string;
  readonly caller: Caller;
  onClose(): void;
}

/** All about one member: what the card has comes from the cache, the rest by one REST call. */
export function Profile({ userId, caller, onClose }: ProfileProps) {
  const from = { __typename: 'CommunityUser', communityId, userId } as const;
  const { cache } = useApolloClient();
  const [withCard] = useState(() => cache.readFragment({ fragment: memberCard, from }) === null);
  const card = useFragment({ fragment: memberCard, from });
  // One user is read as a whole: with errorPolicy "none", nothing of a failure gets into the cache.
  const { data, error, loading, refetch } = useQuery(profileQuery, {
    variables: { communityId, userId, withCard },
  });
  const user = data?.communityUser ?? readableOf(error);

  return (
    <aside className="panel" aria-labelledby={PROFILE_HEADING} aria-busy={loading}>
      <button type="button" className="close" aria-label="Close the profile" onClick={onClose}>
        ×
      </button>
      <div className="panel-head">
        <Avatar userId={userId} name={card.complete ? card.data.displayName : '?'} />
        <h2 id={PROFILE_HEADING} tabIndex={-1}>
          {card.complete ? (card.data.displayName ?? 'No name') : 'Member'}
        </h2>
        {card.complete && card.data.username !== null && <p>@{card.data.username}</p>}
      </div>
      {loading ? (
        <DetailsSkeleton />
      ) : user ? (
        <MemberDetails user={user} failed={failedParts(error)} />
      ) : error ? (
        <Notice explanation={explainError(error, caller)} onRetry={() => refetch()} />
      ) : (
        <div className="notice" role="status">
          <strong>No such member</strong>
          <p>The community has no member with this id. They may have left.</p>
        </div>
      )}
    </aside>
  );
}

function DetailsSkeleton() {
  return (
    <>
      <SlowHint label="Loading the profile" />
      <div className="details skeleton" aria-hidden="true">
        {['60%', '80%', '45%', '70%', '55%'].map((width) => (
          <span key={width} className="line" style={{ width }} />
        ))}
      </div>
    </>
  );
}

/** What could be read all the same, where a single field failed. */
function readableOf(error: ErrorLike | undefined): ProfileQuery['communityUser'] {
  if (!CombinedGraphQLErrors.is(error)) return null;
  return (error.data as ProfileQuery | null | undefined)?.communityUser ?? null;
}
