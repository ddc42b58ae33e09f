import type { ReactNode } from 'react';
import { type FragmentType, graphql, readFragment } from './generated/index.ts';

const memberDetails = graphql(`
  fragment MemberDetails on CommunityUser {
    id
    firstName
    lastName
    email
    emailHidden: isWithheld(field: email)
    lastLogin
    lastLoginHidden: isWithheld(field: lastLogin)
    avatar
  }
`);

interface DetailsProps {
  readonly user: FragmentType<typeof memberDetails>;
  /** Fields that could not be read, each for itself. */
  readonly failed: ReadonlySet<string | number | undefined>;
}

/** What the card does not show of a member. A value is there, empty, hidden from this caller, or could not be read. */
export function MemberDetails({ user, failed }: DetailsProps) {
  const details = readFragment(memberDetails, user);
  const value = (name: keyof typeof details, hidden: boolean, text: ReactNode) => {
    if (failed.has(name)) return <span className="failed">Could not be read</span>;
    if (hidden) return <span className="hidden">Hidden from you</span>;
    return text ?? <span className="empty">Not given</span>;
  };
  const { email, lastLogin, avatar } = details;
  return (
    <dl className="details">
      <dt>First name</dt>
      <dd>{value('firstName', false, details.firstName)}</dd>
      <dt>Last name</dt>
      <dd>{value('lastName', false, details.lastName)}</dd>
      <dt>E-mail</dt>
      <dd>{value('email', details.emailHidden, email && <a href={`mailto:${email}`}>{email}</a>)}</dd>
      <dt>Last seen</dt>
      <dd>{value('lastLogin', details.lastLoginHidden, lastLogin && <Moment at={lastLogin} />)}</dd>
      <dt>Picture</dt>
      <dd>{value('avatar', false, avatar && <code>{avatar}</code>)}</dd>
      <dt>Number</dt>
      <dd>{value('id', false, details.id)}</dd>
    </dl>
  );
}

/** A `DateTime`: a string of RFC 3339, which `Date` reads. */
function Moment({ at }: { readonly at: string }) {
  const text = new Date(at).toLocaleString(undefined, { dateStyle: 'medium', timeStyle: 'short' });
  return <time dateTime={at}>{text}</time>;
}
