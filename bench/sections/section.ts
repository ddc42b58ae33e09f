/** One more table of the report. */
export interface Section {
  readonly title: string;
  readonly text: string;
  readonly header: readonly string[];
  readonly rows: readonly (readonly string[])[];
  /** What was promised and does not hold: the run then ends with exit code 1. */
  readonly failures?: readonly string[];
}
