import { useQuery } from '@apollo/client/react';
import type { Caller } from './callers.ts';
import { communityId, directoryUserIds } from './demo-users.ts';
import { explainError, failedParts } from './explain-error.ts';
import { graphql } from './generated/index.ts';
import { MemberCard, MissingCard } from './member-card.tsx';
import { Notice } from './notice.tsx';
import { SlowHint } from './slow-hint.tsx';

const directoryQuery = graphql(`
  query Directory($communityId: ID!, $userIds: [ID!]!) {
    communityUsers(communityId: $communityId, userIds: $userIds) {
      communityId
      userId
      ...MemberCard
    }
  }
`);

interface DirectoryProps {
  readonly caller: Caller;
  readonly selected: string | null;
  onSelect(userId: string): void;
}

/** All members as cards. */
export function Directory({ caller, selected, onSelect }: DirectoryProps) {
  const { data, dataState, error, loading, refetch } = useQuery(directoryQuery, {
    variables: { communityId, userIds: directoryUserIds },
    // Those who can be read are shown, whatever became of the others.
    errorPolicy: 'all',
    // A member who failed is a null in the cache, and there without its error: absent and failed would look the same.
    fetchPolicy: 'network-only',
    nextFetchPolicy: 'cache-first',
  });
  if (loading) return <DirectorySkeleton />;

  const users = dataState === 'complete' ? data.communityUsers : [];
  const failed = failedParts(error);
  if (error !== undefined && !users.some((user) => user !== null)) {
    return <Notice explanation={explainError(error, caller)} onRetry={() => refetch()} />;
  }
  return (
    <>
      {failed.size > 0 && (
        <p className="partial" role="status">
          {failed.size} of {users.length} members could not be read. The others are here.
        </p>
      )}
      <ul className="cards" aria-label="Members">
        {users.map((user, place) => {
          const userId = directoryUserIds[place] ?? '';
          const card = { userId, current: userId === selected, onOpen: () => onSelect(userId) };
          return (
            <li key={userId}>
              {user === null ? (
                <MissingCard failed={failed.has(place)} {...card} />
              ) : (
                <MemberCard user={user} {...card} />
              )}
            </li>
          );
        })}
      </ul>
    </>
  );
}

function DirectorySkeleton() {
  return (
    <>
      <SlowHint label="Loading the members" />
      <ul className="cards" aria-hidden="true">
        {directoryUserIds.map((userId) => (
          <li key={userId} className="card skeleton">
            <span className="avatar" />
            <span className="line" />
            <span className="line short" />
          </li>
        ))}
      </ul>
    </>
  );
}
