import { type DirectiveNode, Kind, type ValueNode } from 'graphql';

/** Anything that directives may stand at. */
export interface Directed {
  readonly directives?: readonly DirectiveNode[] | undefined;
}

/** The condition of a directive, if it is `@skip` or `@include`. */
export function conditionOf({ name, arguments: given }: DirectiveNode): ValueNode | undefined {
  if (name.value !== 'skip' && name.value !== 'include') return undefined;
  return given?.find((argument) => argument.name.value === 'if')?.value;
}

/** Whether `@skip` or `@include` takes a selection out; `read` gives the values of variables. */
export function isExcluded({ directives = [] }: Directed, read: (variable: string) => unknown): boolean {
  return directives.some((directive) => {
    const condition = conditionOf(directive);
    if (condition === undefined) return false;
    const value =
      condition.kind === Kind.VARIABLE
        ? read(condition.name.value)
        : condition.kind === Kind.BOOLEAN && condition.value;
    return value === (directive.name.value === 'skip');
  });
}
