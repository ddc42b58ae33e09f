import type { Values } from './field-arguments.ts';
import type { EntitiesField, LinkField, Selection } from './plan.ts';

/**
 * What a place in a list counts for beside its keys: its comma and braces, and that it is work even where it is `null`.
 */
const PLACE_SIZE = 16;

/**
 * The fewest characters of JSON that an answer can have in which everybody is found: places × their keys, known before
 * any GET is made. A list that is not known yet, or wrong, counts as empty.
 */
export function answerSize(selection: Selection, variables: Values): number {
  let { size } = selection;
  for (const field of selection.variableSize) {
    size += field.kind === 'link' ? linkSize(field, variables) : entitiesSize(field, variables);
  }
  return size;
}

function linkSize(field: LinkField, variables: Values): number {
  const size = answerSize(field.selection, variables);
  const { each } = field.link;
  return each === undefined ? size : listOf(field, each, variables).length * (size + PLACE_SIZE);
}

function entitiesSize(field: EntitiesField, variables: Values): number {
  const sizes = new Map<unknown, number>();
  for (const [type, selection] of field.selections) sizes.set(type, answerSize(selection, variables));
  let total = 0;
  for (const representation of listOf(field, 'representations', variables)) {
    const type =
      typeof representation === 'object' && representation !== null && '__typename' in representation;
    total += PLACE_SIZE + ((type ? sizes.get(representation.__typename) : undefined) ?? 0);
  }
  return total;
}

function listOf(field: LinkField | EntitiesField, argument: string, variables: Values): readonly unknown[] {
  try {
    const value = field.arguments.read(variables)[argument];
    return Array.isArray(value) ? value : [];
  } catch {
    return [];
  }
}
