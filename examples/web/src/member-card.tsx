import { Avatar } from './avatar.tsx';
import { type FragmentType, graphql, readFragment } from './generated/index.ts';

/** What a card shows, and so what the directory reads of each member. */
export const memberCard = graphql(`
  fragment MemberCard on CommunityUser {
    communityId
    userId
    displayName
    username
    isOnline
  }
`);

interface CardProps {
  readonly userId: string;
  /** Whether the panel shows this member. */
  readonly current: boolean;
  onOpen(): void;
}

/** One member of the directory. */
export function MemberCard({
  user,
  ...card
}: CardProps & { readonly user: FragmentType<typeof memberCard> }) {
  const { userId, displayName, username, isOnline } = readFragment(memberCard, user);
  return (
    <CardButton {...card}>
      <Avatar userId={userId} name={displayName} />
      <strong>{displayName ?? 'No name'}</strong>
      <small>{username === null ? 'no username' : `@${username}`}</small>
      {isOnline === true && <span className="online">Online</span>}
    </CardButton>
  );
}

/** A place in the directory where no member could be shown: there is none, or reading failed. */
export function MissingCard({ failed, ...card }: CardProps & { readonly failed: boolean }) {
  return (
    <CardButton {...card} kind={failed ? 'failed' : 'absent'}>
      <span className="avatar" aria-hidden="true">
        {failed ? '!' : '–'}
      </span>
      <strong>{failed ? 'Unavailable' : 'No such member'}</strong>
      <small>{failed ? 'Open to see why' : 'Left, or never joined'}</small>
    </CardButton>
  );
}

function CardButton(props: CardProps & { readonly kind?: string; readonly children: React.ReactNode }) {
  return (
    <button
      type="button"
      id={`member-${props.userId}`}
      className={`card ${props.kind ?? ''}`}
      aria-current={props.current}
      onClick={props.onOpen}
    >
      {props.children}
    </button>
  );
}
