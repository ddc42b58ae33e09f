/** Somebody who is signed in, as the page knows them: a real one would come out of the login. */
export interface Caller {
  readonly token: string;
  readonly name: string;
  readonly description: string;
  /** When the session ends, as the login said. */
  readonly expiresAt: Date;
}

const NEVER = new Date('9999-12-31');

/** The demo callers of the embedded REST API. */
export const callers: readonly [Caller, ...Caller[]] = [
  { token: 'demo-owner', name: 'Owner', description: 'Sees everything', expiresAt: NEVER },
  { token: 'demo-admin', name: 'Admin', description: 'Sees everything', expiresAt: NEVER },
  { token: 'demo-member', name: 'Member', description: 'Sees no e-mail addresses', expiresAt: NEVER },
  { token: 'demo-outsider', name: 'Outsider', description: 'Belongs to no community', expiresAt: NEVER },
  {
    token: 'demo-expired',
    name: 'Expired',
    description: 'Signed in too long ago',
    expiresAt: new Date('2024-01-01'),
  },
];
