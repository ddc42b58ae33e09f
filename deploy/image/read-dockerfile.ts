/** One instruction of a Dockerfile, its continued lines joined. */
export interface Instruction {
  /** In capitals, such as `RUN`. */
  readonly name: string;
  readonly text: string;
}

/** What stands between one FROM and the next. */
export interface Stage {
  readonly base: string;
  /** What other stages call it; empty where it has no name. */
  readonly name: string;
  readonly instructions: readonly Instruction[];
}

/** Reads the stages of a Dockerfile. Knows what ours uses: no heredocs, no ARG, no parser directives. */
export function readDockerfile(text: string): Stage[] {
  const lines = text
    .replaceAll(/^\s*#.*\n/gm, '')
    .replaceAll(/\\\n/g, ' ')
    .split('\n')
    .filter((line) => line.trim() !== '');
  const stages: (Stage & { instructions: Instruction[] })[] = [];
  for (const line of lines) {
    const [, name = '', rest = ''] = /^\s*(\S+)\s+(.*?)\s*$/.exec(line) ?? [];
    if (name.toUpperCase() === 'FROM') {
      const [base = '', , stageName = ''] = rest.split(/\s+/);
      stages.push({ base, name: stageName, instructions: [] });
      continue;
    }
    const stage = stages.at(-1);
    if (stage === undefined) throw new Error(`${name} stands before the first FROM`);
    stage.instructions.push({ name: name.toUpperCase(), text: rest });
  }
  return stages;
}

/** The program and arguments of an instruction in exec form, such as `CMD ["node", "src/main.js"]`. */
export function readExecForm({ name, text }: Instruction): string[] {
  const parsed: unknown = JSON.parse(text.slice(text.indexOf('[')));
  if (Array.isArray(parsed) && parsed.every((part) => typeof part === 'string')) return parsed;
  throw new Error(`${name} is not a list of strings: ${text}`);
}

/** Sources and destination of a COPY, and the stage that they come from, if any. */
export function readCopy(text: string): { sources: string[]; destination: string; from: string | undefined } {
  const words = text.split(/\s+/);
  const from = words.find((word) => word.startsWith('--from='))?.slice('--from='.length);
  const paths = words.filter((word) => !word.startsWith('--'));
  return { sources: paths.slice(0, -1), destination: paths.at(-1) ?? '', from };
}

/** The packages that an `apt-get install` installs; empty where the command is another one. */
export function readAptPackages(command: string): string[] {
  const [, words = ''] = /apt-get install ([^&;|]*)/.exec(command) ?? [];
  return words.split(/\s+/).filter((word) => word !== '' && !word.startsWith('-'));
}
