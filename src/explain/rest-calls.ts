import type { Entity, Link, Values } from '#graphql/entities/define-entity.ts';
import {
  type EntitiesField,
  isAsynchronous,
  type LinkField,
  type Plan,
  type Selection,
} from '#graphql/plan/plan.ts';
import { FieldMask } from '#upstream/field-mask.ts';
import type { Resource } from '#upstream/resource.ts';

/** A GET that an operation causes, with variables in place of what only a request knows. */
export interface RestCall {
  readonly resource: string;
  /** `GET /apis/v1/communities/$communityId/users/$userId?displayName&email`. */
  readonly request: string;
  readonly fields: readonly string[];
  /** The lists that have one such GET for each distinct item; empty for a single one. */
  readonly times: readonly string[];
}

/** The GETs of a plan, each item once. One that is reached again further down is asked for what is missing there. */
export function restCalls(plan: Plan): RestCall[] {
  const calls: Call[] = [];
  for (let level: Site[] = [{ selection: plan.selection, key: [], times: [] }]; level.length > 0; ) {
    const found = level.flatMap((site) => [...targetsOf(site)]);
    for (const site of found) addCall(calls, site);
    for (const call of calls) call.isOpen = false;
    level = found;
  }
  return calls.map(toRestCall);
}

/** A place of the answer: what is selected there, and of which object. */
interface Site {
  readonly selection: Selection;
  /** Values of the entity's key, as they would be written down. */
  readonly key: readonly string[];
  readonly times: readonly string[];
}

interface Call {
  readonly resource: Resource;
  readonly path: string;
  readonly times: readonly string[];
  fields: FieldMask;
  /** Variables that name one more field. */
  readonly variableFields: Set<string>;
  /** Whether fields of the same level can still join it. */
  isOpen: boolean;
}

function* targetsOf({ selection, key, times }: Site): Iterable<Site> {
  for (const field of selection.fields) {
    if (field.kind === 'link') yield linked(field, selection.entity, key, times);
    else if (field.kind === 'entities') yield* represented(field, times);
  }
}

function linked(field: LinkField, entity: Entity, key: readonly string[], times: readonly string[]): Site {
  const { link, selection } = field;
  const args = argumentsOf(field);
  const source: Record<string, string> = {};
  for (const [index, name] of entity.key.entries()) source[name] = key[index] ?? '';
  for (const name of link.reads) source[name] = `{${name}}`;
  const item = link.each === undefined ? undefined : args[link.each];
  const values = namedKey(link, source, args, item);
  return {
    selection,
    key: selection.entity.key.map((name) => String(values[name] ?? `{${name}}`)),
    times: item === undefined ? times : [...times, String(item)],
  };
}

/** The key of a link's target, as far as names say it: it may be made of values of a certain form. */
function namedKey({ key }: Link, source: Values, args: Values, item: unknown): Values {
  try {
    return key(source, args, item);
  } catch {
    return {};
  }
}

/** The arguments of a field as they stand in the document. */
function argumentsOf(field: LinkField): Values {
  const names = field.nodes[0]?.arguments?.map(({ name }) => name.value) ?? [];
  return Object.fromEntries(names.map((name) => [name, field.arguments.describe(name)]));
}

function* represented(field: EntitiesField, times: readonly string[]): Iterable<Site> {
  const list = field.arguments.describe('representations');
  for (const [type, selection] of field.selections) {
    // A router that asks for one type selects nothing of the others.
    if (!isAsynchronous(selection) || selection.fields.every(({ kind }) => kind === 'typename')) continue;
    const key = selection.entity.key.map((name) => `${list}.${name}`);
    yield { selection, key, times: [...times, `${list} of type ${type}`] };
  }
}

function addCall(calls: Call[], { selection, key, times }: Site): void {
  const { entity, reads, variableReads } = selection;
  const { resource } = entity;
  if (resource === undefined) return;
  const path = entity.key.reduce(
    (template, name, index) => template.replace(`{${name}}`, () => key[index] ?? ''),
    resource.template,
  );
  const variableFields = new Set(variableReads.map((field) => field.arguments.describe(field.argument)));
  const same = calls.filter((call) => call.path === path && call.times.join() === times.join());
  const open = same.find(({ isOpen }) => isOpen);
  const asked = same.reduce((mask, { fields }) => mask.union(fields), FieldMask.none);
  if (open !== undefined) {
    open.fields = open.fields.union(reads);
    for (const variable of variableFields) open.variableFields.add(variable);
  } else if (same.length === 0 || !asked.covers(reads)) {
    calls.push({ resource, path, times, fields: reads.without(asked), variableFields, isOpen: true });
  }
}

function toRestCall({ resource, path, times, fields, variableFields }: Call): RestCall {
  const isEmpty = fields.isEmpty && variableFields.size === 0;
  const names = [...resource.names(isEmpty ? resource.existence : fields), ...variableFields];
  return { resource: resource.name, request: `GET ${path}?${names.join('&')}`, fields: names, times };
}
