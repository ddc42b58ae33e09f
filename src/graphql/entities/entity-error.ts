/** The definitions of entities and the SDL do not fit together; each line says where, and how to mend it. */
export class EntityError extends Error {
  override readonly name = 'EntityError';
  constructor(problems: readonly string[]) {
    super(
      `The schema and its entities do not fit together:\n${problems.map((line) => `  - ${line}`).join('\n')}`,
    );
  }
}
