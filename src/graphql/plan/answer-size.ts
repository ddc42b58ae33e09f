import type { Values } from '../entities/define-entity.ts';
import type { FieldArguments } from './field-arguments.ts';
import type { EntitiesField, LinkField, Selection } from './plan.ts';

/**
 * What a place in a list counts for beside its keys: its comma and braces, and that it is work even where it is `null`.
 */
const PLACE_SIZE = 16;

/**
 * What a place counts for beyond that where there are very many: otherwise 150,000 tiny places would fit into an answer,
 * and cost hundreds of times what an ordinary one does.
 */
const PLACE_WORK = 200;
/** An `isWithheld`, whose argument is looked at for each place. */
const WITHHELD_WORK = 60;
/** The work of a thousand places is free, so that small limits are about an answer's characters alone. */
const FREE_WORK = 1000 * PLACE_WORK;

/**
 * The fewest characters of JSON that an answer can have in which everybody is found: places × their keys, known before
 * any GET is made; where it has very many places, more, for the work that they are. A list that is not known yet, or
 * wrong, counts as empty.
 */
export function answerSize(selection: Selection, variables: Values): number {
  const { size, work } = extentOf(selection, variables);
  return size + Math.max(0, work - FREE_WORK);
}

interface Extent {
  readonly size: number;
  readonly work: number;
}

function extentOf(selection: Selection, variables: Values): Extent {
  let { size } = selection;
  if (selection.variableSize.length === 0) return { size, work: 0 };
  let work = 0;
  for (const field of selection.variableSize) {
    const below = field.kind === 'link' ? linkExtent(field, variables) : entitiesExtent(field, variables);
    size += below.size;
    work += below.work;
  }
  return { size, work };
}

function linkExtent(field: LinkField, variables: Values): Extent {
  const { each, selection } = field;
  if (each === undefined) return extentOf(selection, variables);
  const { size, work } = placeExtent(selection, variables);
  const places = itemsOf(field.arguments, each, variables).length;
  return { size: places * size, work: places * work };
}

function entitiesExtent(field: EntitiesField, variables: Values): Extent {
  const extents = new Map<unknown, Extent>();
  for (const [type, selection] of field.selections) extents.set(type, placeExtent(selection, variables));
  let size = 0;
  let work = 0;
  for (const representation of itemsOf(field.arguments, field.each, variables)) {
    const isTyped =
      typeof representation === 'object' && representation !== null && '__typename' in representation;
    const extent = isTyped ? extents.get(representation.__typename) : undefined;
    size += extent?.size ?? PLACE_SIZE;
    work += extent?.work ?? PLACE_WORK;
  }
  return { size, work };
}

/** Of one place in a list. */
function placeExtent(selection: Selection, variables: Values): Extent {
  const { size, work } = extentOf(selection, variables);
  return { size: PLACE_SIZE + size, work: PLACE_WORK + constantWork(selection) + work };
}

const constantWorks = new WeakMap<Selection, number>();

/** The work in an object that is the same whatever the variables: all but the lists in it. */
function constantWork(selection: Selection): number {
  let work = constantWorks.get(selection);
  if (work === undefined) {
    work = 0;
    for (const field of selection.fields) {
      if (field.kind === 'withheld') work += WITHHELD_WORK;
      else if (field.kind === 'link' && field.each === undefined)
        work += PLACE_WORK + constantWork(field.selection);
    }
    constantWorks.set(selection, work);
  }
  return work;
}

function itemsOf(args: FieldArguments, each: string, variables: Values): readonly unknown[] {
  try {
    return args.items(each, variables);
  } catch {
    return [];
  }
}
