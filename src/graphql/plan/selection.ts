import type { GraphQLError } from 'graphql';
import { FieldMask } from '#upstream/field-mask.ts';
import { isJsonObject } from '#upstream/protocol/json-object.ts';
import type { Entity, Values } from '../entities/define-entity.ts';
import type { EntitiesField, LinkField, PlannedField, Selection, WithheldField } from './plan.ts';

/** `null`, `true` or `""`, as a rule; shorter than any. */
const MIN_VALUE_SIZE = 2;

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

/** A selection with what follows from its fields. `failure`: why they could not be collected. */
export function createSelection(
  entity: Entity,
  fields: readonly PlannedField[],
  failure: GraphQLError | undefined,
): Selection {
  let reads = FieldMask.none;
  let size = 'null'.length;
  let work = 0;
  const variableReads: WithheldField[] = [];
  const lists: (LinkField | EntitiesField)[] = [];
  const read = (names: readonly string[]) => {
    reads = reads.union(entity.resource?.mask(names) ?? reads);
  };
  for (const field of fields) {
    size += field.prefix.length;
    if (field.kind !== 'typename') size += MIN_VALUE_SIZE;
    switch (field.kind) {
      case 'rest':
        reads = reads.union(FieldMask.of([field.index]));
        break;
      case 'withheld':
        work += WITHHELD_WORK;
        if (field.arguments.areConstant) read([String(field.arguments.value(field.argument, {}))]);
        else variableReads.push(field);
        break;
      case 'computed':
        read(field.computed.reads);
        break;
      case 'entities':
        lists.push(field);
        break;
      case 'link':
        read(field.key.reads);
        if (field.each !== undefined) lists.push(field);
        else {
          size += field.selection.size;
          work += PLACE_WORK + field.selection.work;
          lists.push(...field.selection.lists);
        }
    }
  }
  return { entity, fields, reads, variableReads, size, work, lists, failure };
}

/**
 * The fewest characters of JSON that an answer can have in which everybody is found: places × their keys, known before
 * any GET is made; where it has very many places, more, for the work that they are. A list that is not known yet, or
 * wrong, counts as empty.
 */
export function answerSize(selection: Selection, variables: Values): number {
  if (selection.lists.length === 0) return selection.size;
  const { size, work } = extentOf(selection, variables);
  return size + Math.max(0, work - FREE_WORK);
}

function extentOf(selection: Selection, variables: Values): Pick<Selection, 'size' | 'work'> {
  let { size, work } = selection;
  for (const field of selection.lists) {
    const items = itemsOf(field, variables);
    size += items.length * PLACE_SIZE;
    work += items.length * PLACE_WORK;
    const selections = field.kind === 'link' ? [[undefined, field.selection] as const] : field.selections;
    for (const [type, below] of selections) {
      const places = type === undefined ? items.length : items.filter((item) => isOfType(item, type)).length;
      const extent = extentOf(below, variables);
      size += places * extent.size;
      work += places * extent.work;
    }
  }
  return { size, work };
}

function isOfType(representation: unknown, type: string): boolean {
  return isJsonObject(representation) && representation.__typename === type;
}

function itemsOf(field: LinkField | EntitiesField, variables: Values): readonly unknown[] {
  try {
    return field.arguments.items(field.each ?? '', variables);
  } catch {
    return [];
  }
}
