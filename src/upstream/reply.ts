/** What came of sending one GET: an answer, or no whole answer. */
export type Reply = Answer | Broken;

/** A status, and for a 200 its whole body. */
export interface Answer {
  readonly kind: 'answer';
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  /** Undefined where it was larger than the limit. */
  readonly body: Buffer | undefined;
  readonly bytes: number;
}

/** The connection failed: before an answer, or (`status` tells) in the middle of its body. */
export interface Broken {
  readonly kind: 'broken';
  readonly status: number | null;
  readonly error: Error;
  /** We closed it, for what came over it. */
  readonly malformed: boolean;
  readonly bytes: number;
}

/** What waits for the reply to a GET. */
export interface ReplyReceiver {
  /** The reply; not called where the GET was given up. */
  received(reply: Reply): void;
  /**
   * The connection is through with the GET, so that another one may be sent; called just before `received`. A GET that is
   * given up while it waits for its connection keeps it until that is open, or fails.
   */
  released(): void;
}

/** A GET under way. */
export interface Sending {
  /** Gives the GET up; closes its connection where it was already sent. */
  giveUp(): void;
}
