/**
 * Service or command cannot start, for a reason that its operator can mend; the message says how. It stands here since
 * all that start, from `graphql/` to `process/`, may throw it.
 */
export class StartError extends Error {
  override readonly name = 'StartError';

  /** `problems`: what is wrong, where several things may be. */
  constructor(message: string, problems: readonly string[] = []) {
    const listed = problems.slice(0, MAX_LISTED_PROBLEMS);
    if (problems.length > listed.length) listed.push(`and ${problems.length - listed.length} more`);
    super([message, ...listed.map((problem) => `  - ${problem}`)].join('\n'));
  }
}

const MAX_LISTED_PROBLEMS = 20;
