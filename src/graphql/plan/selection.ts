import type { GraphQLError } from 'graphql';
import { FieldMask } from '#upstream/field-mask.ts';
import type { Entity } from '../entities/define-entity.ts';
import type { EntitiesField, LinkField, PlannedField, Selection, WithheldField } from './plan.ts';

/** `null`, `true` or `""`, as a rule; shorter than any. */
const MIN_VALUE_SIZE = 2;

/** A selection with what follows from its fields. `failure`: why they could not be collected. */
export function createSelection(
  entity: Entity,
  fields: readonly PlannedField[],
  failure: GraphQLError | undefined,
): Selection {
  let reads = FieldMask.none;
  let size = 'null'.length;
  const variableReads: WithheldField[] = [];
  const variableSize: (LinkField | EntitiesField)[] = [];
  const { resource } = entity;
  const read = (names: readonly string[]) => {
    if (resource !== undefined) reads = reads.union(resource.mask(names));
  };
  for (const field of fields) {
    size += field.prefix.length;
    if (field.kind !== 'typename') size += MIN_VALUE_SIZE;
    switch (field.kind) {
      case 'rest':
        reads = reads.union(FieldMask.of([field.index]));
        break;
      case 'withheld':
        if (field.arguments.areConstant) read([String(field.arguments.read({})[field.argument])]);
        else variableReads.push(field);
        break;
      case 'computed':
        read(field.computed.reads);
        break;
      case 'link':
        read(field.key.reads);
        if (field.each !== undefined || field.selection.variableSize.length > 0) variableSize.push(field);
        else size += field.selection.size;
        break;
      case 'entities':
        variableSize.push(field);
    }
  }
  return { entity, fields, reads, variableReads, size, variableSize, failure };
}
