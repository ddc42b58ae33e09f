/** The first community of the embedded REST API. */
export const communityId = '61100af5c548eb5c7ebc0001';

/** Users for whom the REST API behaves in a way of its own. */
export const difficultUsers = [
  { userId: '61100af5c548eb5c7ebcf001', name: 'Slow', description: 'The REST API takes 2 seconds' },
  { userId: '61100af5c548eb5c7ebcf002', name: 'Absent', description: 'There is no such user' },
  { userId: '61100af5c548eb5c7ebcf003', name: 'Failing', description: 'The REST API answers 500' },
  { userId: '61100af5c548eb5c7ebcf004', name: 'Recovering', description: '503 twice, then an answer' },
  { userId: '61100af5c548eb5c7ebcf005', name: 'Forbidden', description: '403' },
  { userId: '61100af5c548eb5c7ebcf006', name: 'Rate limited', description: '429 with Retry-After' },
  { userId: '61100af5c548eb5c7ebcf007', name: 'Broken', description: 'The answer is no JSON' },
] as const;

const [, absent, failing] = difficultUsers;

/** Whom the directory shows: 38 members, one who has left, and one who cannot be read. */
export const directoryUserIds: string[] = [
  ...Array.from({ length: 38 }, (_, number) => `61100af5c548eb5c7ebc${(0x7819 + number).toString(16)}`),
  absent.userId,
  failing.userId,
];
