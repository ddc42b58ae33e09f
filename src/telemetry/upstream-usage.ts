/** One GET, as the upstream report shows it. */
export interface UpstreamCall {
  readonly method: 'GET';
  /** Path and flags. */
  readonly path: string;
  /** HTTP status of the answer; null where none came. */
  readonly status: number | null;
  /** How long the request waited for it. */
  readonly durationMs: number;
  /** Bytes of body. */
  readonly bytes: number;
  readonly attempts: number;
  /** Whether a GET that another request had in flight answered it. */
  readonly shared: boolean;
}

/** What one GraphQL request asked of the REST API. */
export class UpstreamUsage {
  /** GETs made for this request, those of others not counted. */
  gets = 0;
  shared = 0;
  attempts = 0;
  bytes = 0;
  readonly #calls: UpstreamCall[] | undefined;

  /** `detailed`: whether to keep every call, for a report. */
  constructor(detailed: boolean) {
    this.#calls = detailed ? [] : undefined;
  }

  /** Takes note of how a GET went; of none that was given up before it was sent, since then none was made. */
  add(call: UpstreamCall): void {
    if (call.attempts === 0) return;
    if (call.shared) this.shared++;
    else {
      this.gets++;
      this.attempts += call.attempts;
      this.bytes += call.bytes;
    }
    this.#calls?.push(call);
  }

  /** The upstream report: distinct users asked for, and the GETs made for them. Undefined where none was asked for. */
  report(users: number): { users: number; calls: readonly UpstreamCall[] } | undefined {
    return this.#calls && { users, calls: this.#calls };
  }
}
