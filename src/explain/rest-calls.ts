import type { Entity } from '#graphql/entities/define-entity.ts';
import type { LinkKey } from '#graphql/plan/keys.ts';
import type { EntitiesField, LinkField, Plan, Selection } from '#graphql/plan/plan.ts';
import type { FieldMask } from '#upstream/field-mask.ts';

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
  for (let level: Site[] = [{ selection: plan.selection, key: [] }]; level.length > 0; ) {
    const found = distinct(level.flatMap((site) => [...targetsOf(site)]));
    for (const site of found) addCall(calls, site);
    for (const call of calls) close(call);
    level = found;
  }
  return calls.map(toRestCall);
}

/** A place of the answer: what is selected there, and of which object. */
interface Site {
  readonly selection: Selection;
  readonly key: readonly KeyPart[];
}

/** A value of a key as it would be written down, and the lists whose items it depends on. */
interface KeyPart {
  readonly text: string;
  readonly times: readonly string[];
}

interface Call {
  readonly entity: Entity;
  readonly path: string;
  readonly times: readonly string[];
  fields: FieldMask;
  variableFields: readonly string[];
  /** Whether fields of the same level can still join it. */
  isOpen: boolean;
}

/** Objects of a list may all lead to one. */
function distinct(sites: readonly Site[]): Site[] {
  const known = new Map<Selection, Set<string>>();
  return sites.filter(({ selection, key }) => {
    const keys = known.get(selection) ?? new Set();
    known.set(selection, keys);
    const { size } = keys;
    return keys.add(JSON.stringify(key)).size > size;
  });
}

function* targetsOf({ selection, key }: Site): Iterable<Site> {
  for (const field of selection.fields) {
    if (field.kind === 'link') yield* linked(field, key);
    else if (field.kind === 'entities') yield* represented(field);
  }
}

function* linked(field: LinkField, source: readonly KeyPart[]): Iterable<Site> {
  const { key, selection } = field;
  for (const item of itemsOf(field)) {
    const toPart = (part: LinkKey['parts'][number], index: number): KeyPart => {
      if (part.kind === 'key') return source[part.index] ?? { text: '', times: [] };
      if (part.kind === 'argument') return { text: field.arguments.describe(part.name), times: [] };
      if (part.kind === 'item') return item;
      return { text: `{${part.reads[0] ?? selection.entity.key[index]}}`, times: timesOf(source) };
    };
    yield { selection, key: key.parts.map(toPart) };
  }
}

/** The items of a list that stands in the document, or one for all those of a variable; of a single object, one of no use. */
function itemsOf({ each = '', arguments: args }: LinkField): readonly KeyPart[] {
  const list = args.describe(each);
  const items = each === '' ? [''] : args.describeItems(each);
  return items?.map((text) => ({ text, times: [] })) ?? [{ text: list, times: [list] }];
}

function timesOf(parts: readonly KeyPart[]): string[] {
  return [...new Set(parts.flatMap(({ times }) => times))];
}

function* represented(field: EntitiesField): Iterable<Site> {
  const list = field.arguments.describe(field.each);
  for (const [type, selection] of field.selections) {
    // A router that asks for one type selects nothing of the others.
    if (selection.fields.every(({ kind }) => kind === 'typename')) continue;
    const times = [`${list} of type ${type}`];
    yield { selection, key: selection.entity.key.map((name) => ({ text: `${list}.${name}`, times })) };
  }
}

function addCall(calls: Call[], { selection, key }: Site): void {
  const { entity, reads, variableReads } = selection;
  const { resource } = entity;
  if (resource === undefined) return;
  const path = pathTemplate(entity, key);
  const times = timesOf(key);
  const same = calls.filter((call) => call.path === path && call.times.join() === times.join());
  const open = same.find(({ isOpen }) => isOpen);
  const before = same.filter(({ isOpen }) => !isOpen);
  const fields = before.reduce((missing, call) => missing.without(call.fields), reads);
  const variableFields = variableReads
    .map((field) => field.arguments.describe(field.argument.name))
    .filter((name) => !before.some((call) => call.variableFields.includes(name)));
  if (open !== undefined) {
    open.fields = open.fields.union(fields);
    open.variableFields = [...new Set([...open.variableFields, ...variableFields])];
  } else if (before.length === 0 || !fields.isEmpty || variableFields.length > 0) {
    calls.push({ entity, path, times, fields, variableFields: [...new Set(variableFields)], isOpen: true });
  }
}

/** Nothing more joins it. One that asks for nothing asks whether the item exists, which then is known further down. */
function close(call: Call): void {
  const isEmpty = call.fields.isEmpty && call.variableFields.length === 0;
  if (isEmpty) call.fields = call.entity.resource?.existence ?? call.fields;
  call.isOpen = false;
}

function pathTemplate({ resource, key: names }: Entity, key: readonly KeyPart[]): string {
  let path = resource?.template ?? '';
  for (const [index, name] of names.entries()) path = path.replace(`{${name}}`, () => key[index]?.text ?? '');
  return path;
}

function toRestCall({ entity, path, times, fields, variableFields }: Call): RestCall {
  const { resource } = entity;
  if (resource === undefined) throw new TypeError(`${entity.type} has no resource`);
  const names = [...resource.names(fields), ...variableFields];
  return { resource: resource.name, request: `GET ${path}?${names.join('&')}`, fields: names, times };
}
