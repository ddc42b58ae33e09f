/** A resource of the mock API: one path, answered from data. Another resource is another one of these, and no code. */
export interface MockResource {
  /** Path with its parameters in braces: `/apis/v1/communities/{communityId}/users/{userId}`. */
  readonly path: string;
  /** What the API says to a 200. */
  readonly message: string;
  /**
   * The fields that only owners, admins and the user themself get. Where the path has a `communityId`, the
   * caller's role is the one in that community; where it has a `userId`, it says whose item it is.
   */
  readonly protectedFields: readonly string[];
  /** A flag is the name of a field that any of them has; they are answered in this order. */
  readonly items: readonly MockItem[];
}

export interface MockItem {
  /** The values of the path's parameters, in order. */
  readonly key: readonly string[];
  readonly data: Readonly<Record<string, unknown>>;
  /** How the API treats requests for this item, if not as usual. */
  readonly behavior?: Behavior | undefined;
}

/** What an item's requests meet, once the caller's token and flags are good. */
export interface Behavior {
  /** The answer comes this much later. */
  readonly delayMs?: number;
  /** Answered with this status in place of 200. */
  readonly statusCode?: number;
  /** Each token meets that status this many times, then the item, and so on in turns. Always, where it is not given. */
  readonly failures?: number;
  readonly retryAfterSeconds?: number;
  /** The body is cut in the middle, although headers and length are right for what is sent. */
  readonly truncated?: boolean;
}
