/** One more table of the report. */
export interface Section {
  readonly title: string;
  readonly text: string;
  readonly header: readonly string[];
  readonly rows: readonly (readonly string[])[];
  readonly plot?: Plot;
  /** What was promised and does not hold: the run then ends with exit code 1. */
  readonly failures?: readonly string[];
}

/** Lines over one quantity, as an SVG of its own beside the report. */
export interface Plot {
  readonly file: string;
  readonly xLabel: string;
  readonly yLabel: string;
  /** Whether equal steps of x are equal factors. */
  readonly isLogarithmic: boolean;
  readonly series: readonly {
    readonly name: string;
    readonly points: readonly (readonly [x: number, y: number])[];
  }[];
}
