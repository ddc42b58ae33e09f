import type { ResourceField } from '#upstream/resource.ts';
import { type Check, deviates, type Evidence, holds, skipped } from './check.ts';

/** Whether the user is the one asked for, and each field's value one that the layer can read. */
export function checkFields(evidence: Evidence): Check[] {
  return [checkIdentity(evidence), ...evidence.resource.fields.map((field) => checkType(evidence, field))];
}

function checkIdentity(evidence: Evidence): Check {
  const { community, user } = evidence.settings;
  const data = evidence.data('all flags');
  if (data === undefined) return skipped('identity', 'no answer to look at');
  return evidence.resource.matchesIdentity([community, user], data)
    ? holds('identity', 'the user asked for')
    : deviates(
        'identity',
        'another user than the one asked for',
        'UPSTREAM_BAD_RESPONSE, for the whole user',
      );
}

function checkType(evidence: Evidence, { name, decoder }: ResourceField): Check {
  const title = `type of ${name}`;
  const values = [evidence.data('all flags')?.[name], evidence.data(`flag ${name}`)?.[name]];
  const seen = values.filter((value) => value !== undefined);
  if (seen.length === 0) return skipped(title, 'no answer has it');
  const wrong = seen.find((value) => value !== null && decoder.decode(value) === undefined);
  if (wrong !== undefined) {
    const found = `${typeName(wrong)} that is no ${decoder.kind}`;
    return deviates(title, found, `UPSTREAM_BAD_RESPONSE at ${name}; the other fields stand`);
  }
  return holds(title, seen.every((value) => value === null) ? 'null: its type does not show' : decoder.kind);
}

/** The JSON type, never the value: that is somebody's data. */
function typeName(value: unknown): string {
  if (Array.isArray(value)) return 'list';
  return typeof value === 'bigint' ? 'number' : typeof value;
}
