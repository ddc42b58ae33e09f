/** Waits until `/metrics` has this line. */
export async function untilMetric(url: string, line: string): Promise<void> {
  for (;;) {
    const metrics = await (await fetch(`${url}/metrics`)).text();
    if (metrics.split('\n').includes(line)) return;
  }
}
