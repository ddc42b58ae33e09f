/** A user as the REST API answers it. */
export type CommunityUser = Readonly<ReturnType<typeof generateUser>>;

const givenNames = ['Ada', 'Zoë', 'Łukasz', 'Нина', '明', 'Åsa', 'Grace', 'José', 'Siân', 'أمل'];
const familyNames = ['Lovelace', "O'Connor", 'Müller', 'Иванова', '李', 'Nuñez', 'Ó Briain', 'van den Berg'];

/**
 * Makes `count` users, numbered upwards from `firstNumber`. The number decides `_id`, `username` and `email`,
 * the seed everything else, so the same arguments give the same users in every process.
 */
export function generateUsers(seed: number, firstNumber: number, count: number): CommunityUser[] {
  const random = seededRandom(seed);
  return Array.from({ length: count }, (_, index) => generateUser(random, firstNumber + index));
}

/** One user, by what its `_id` ends in. */
export function generateUserWithId(idEnd: number): CommunityUser {
  const number = idEnd - EXAMPLE_ID_END;
  return generateUser(seededRandom(number), number);
}

/** The end of the documented example's `_id`, from which the others count upwards. */
const EXAMPLE_ID_END = 0x7819;

function generateUser(random: () => number, number: number) {
  const firstName = pick(random, givenNames);
  const lastName = pick(random, familyNames);
  return {
    _id: `61100af5c548eb5c7ebc${(EXAMPLE_ID_END + number).toString(16)}`,
    // Every other id needs more than 32 bits; all of them are exact in a JSON number.
    id: Math.floor(random() * 2 ** (number % 2 === 0 ? 31 : 52)),
    avatar: random() < 0.2 ? null : `https://returning-ai.com/avatars/${number}.png`,
    displayName: random() < 0.2 ? `🦊 ${firstName}` : `${firstName} ${lastName}`,
    username: `user${number}`,
    firstName: random() < 0.1 ? null : firstName,
    lastName: random() < 0.1 ? null : lastName,
    email: `user${number}@example.com`,
    isOnline: random() < 0.5,
    lastLogin: random() < 0.1 ? null : generateTimestamp(random),
  };
}

/** An RFC 3339 timestamp of 2023 or 2024: in UTC with or without milliseconds, or with an offset. */
function generateTimestamp(random: () => number): string {
  const utc = new Date(Date.UTC(2023, 0, 1) + Math.floor(random() * 63_072_000_000)).toISOString();
  return utc.replace(/\.\d+Z$/, (fraction) => pick(random, [fraction, 'Z', '+02:00']));
}

function pick(random: () => number, choices: readonly string[]): string {
  return choices[Math.floor(random() * choices.length)] ?? '';
}

/** Mulberry32: numbers from 0 up to 1 that depend on the seed alone. */
function seededRandom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
