import type { LinkKey } from '#graphql/plan/keys.ts';
import type { EntitiesField, LinkField, Plan, Selection } from '#graphql/plan/plan.ts';
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
export function restCalls({ selection }: Plan): RestCall[] {
  const calls: RestCall[] = [];
  /** The fields that were asked for, by item. */
  const asked = new Map<string, ReadonlySet<string>>();
  let level: Place[] = [{ selection, key: [] }];
  while (level.length > 0) {
    const reached = level.flatMap(below);
    level = [];
    for (const [item, found] of Map.groupBy(reached, itemAt)) {
      // Items of a list may all lead to one.
      const places = [...new Map(found.map((place) => [place.selection, place])).values()];
      level.push(...places);
      const [place] = places;
      const resource = place?.selection.entity.resource;
      if (resource === undefined) continue;
      const known = asked.get(item) ?? new Set();
      const reads = new Set(places.flatMap(readsOf));
      const isOnlyExistence = reads.size + known.size === 0;
      const wanted = isOnlyExistence ? new Set(resource.names(resource.existence)) : reads.difference(known);
      asked.set(item, known.union(wanted));
      if (wanted.size > 0) calls.push(toCall(resource, place?.key ?? [], wanted));
    }
  }
  return calls;
}

/** A place of the answer: what is selected there, and of which object. */
interface Place {
  readonly selection: Selection;
  readonly key: readonly KeyPart[];
}

/** A value of a key as it would be written down, empty where that cannot be told, and the lists whose items it depends on. */
interface KeyPart {
  readonly text: string;
  readonly times: readonly string[];
}

/** The places that the fields of an object lead to. */
function below({ selection, key }: Place): Place[] {
  return selection.fields.flatMap((field) => {
    if (field.kind === 'entities') return represented(field);
    return field.kind === 'link' ? linked(field, key) : [];
  });
}

function linked(field: LinkField, source: readonly KeyPart[]): Place[] {
  const { key, selection } = field;
  return itemsOf(field).map((item) => ({
    selection,
    key: key.parts.map((part) => partOf(part, field, item, source)),
  }));
}

/** The items of a list that stands in the document, or one for all those of a variable; of a single object, one of no use. */
function itemsOf({ each, arguments: args }: LinkField): readonly KeyPart[] {
  if (each === undefined) return [NOTHING];
  const list = args.describe(each);
  return args.describeItems(each)?.map((text) => ({ text, times: [] })) ?? [{ text: list, times: [list] }];
}

const NOTHING: KeyPart = { text: '', times: [] };

function partOf(
  part: LinkKey['parts'][number],
  { arguments: args }: LinkField,
  item: KeyPart,
  source: readonly KeyPart[],
): KeyPart {
  switch (part.kind) {
    case 'key':
      return source[part.index] ?? NOTHING;
    case 'argument':
      return { text: args.describe(part.name), times: [] };
    case 'item':
      return item;
    case 'computed':
      return { text: part.reads.map((name) => `{${name}}`).join(''), times: timesOf(source) };
  }
}

function represented(field: EntitiesField): Place[] {
  const list = field.arguments.describe(field.each);
  // A router that asks for one type selects nothing of the others.
  const selected = [...field.selections].filter(([, { fields }]) =>
    fields.some(({ kind }) => kind !== 'typename'),
  );
  return selected.map(([type, selection]) => {
    const times = [`${list} of type ${type}`];
    return { selection, key: selection.entity.key.map((name) => ({ text: `${list}.${name}`, times })) };
  });
}

function timesOf(key: readonly KeyPart[]): string[] {
  return [...new Set(key.flatMap(({ times }) => times))];
}

/** What tells the item at a place from others. */
function itemAt({ selection: { entity }, key }: Place): string {
  return JSON.stringify([entity.type, key]);
}

/** The REST fields that are read at a place; of one that a variable names, that variable. */
function readsOf({ selection: { entity, reads, variableReads } }: Place): string[] {
  const variables = variableReads.map((field) => field.arguments.describe(field.argument.name));
  return [...(entity.resource?.names(reads) ?? []), ...variables];
}

function toCall(resource: Resource, key: readonly KeyPart[], wanted: ReadonlySet<string>): RestCall {
  let index = 0;
  const path = resource.template.replaceAll(/\{\w+\}/g, (parameter) => key[index++]?.text || parameter);
  const order = (name: string) => resource.indexOf(name) ?? resource.fields.length;
  const fields = [...wanted].sort((one, other) => order(one) - order(other));
  const request = `GET ${path}?${fields.join('&')}`;
  return { resource: resource.name, request, fields, times: timesOf(key) };
}
