/** The lines of a log in JSON that have this message. */
export function logLines(log: string, message: string): Record<string, unknown>[] {
  return log
    .split('\n')
    .filter((line) => line.startsWith('{"level"'))
    .map((line): Record<string, unknown> => JSON.parse(line))
    .filter((line) => line.msg === message);
}
