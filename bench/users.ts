/** A user as the REST API answers it, every field set. */
export interface UserRecord {
  readonly _id: string;
  readonly id: number;
  readonly avatar: string;
  readonly displayName: string;
  readonly username: string;
  readonly firstName: string;
  readonly lastName: string;
  readonly email: string;
  readonly isOnline: boolean;
  readonly lastLogin: string;
}

const prefix = '61100af5c548eb5c';
const population = 2000;

/** The id of the nth user; the population repeats after 2000. */
export function userIdOf(n: number): string {
  return prefix + (n % population).toString(16).padStart(8, '0');
}

/** What the REST API holds for an id: no two users alike, so that a mixed-up answer shows. */
export function userRecordOf(userId: string): UserRecord {
  const n = Number.parseInt(userId.slice(prefix.length), 16);
  return {
    _id: userId,
    id: 123_456_000 + n,
    avatar: `https://returning-ai.com/avatars/${n}.png`,
    displayName: `Member ${n}`,
    username: `member${n}`,
    firstName: `John${n}`,
    lastName: `Doe${n}`,
    email: `member${n}@example.com`,
    isOnline: n % 2 === 0,
    lastLogin: '2023-12-01T10:30:00Z',
  };
}
