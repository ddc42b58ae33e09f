/**
 * Ends the process at once. Node itself waits for its threads first, and one that looks up a host's name is busy for up to
 * half a minute where DNS does not answer. Then a program that does nothing but end takes the place of this one.
 */
export function exit(code: number): never {
  if (process.execve !== undefined && process.getActiveResourcesInfo().includes('GetAddrInfoReqWrap')) {
    process.emit('exit', code);
    process.execve(process.execPath, [process.execPath, '--eval', `process.exitCode = ${code}`]);
  }
  process.exit(code);
}
