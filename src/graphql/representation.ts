import { pathSegment } from '#upstream/resource.ts';

/**
 * Reads the key fields of an entity representation, in the order of `names`. The router passes on what other subgraphs
 * gave it: only the key is used, and even that is checked. Other fields are not trusted as data.
 * @throws InvalidIdentifierError where one is missing or is not an identifier
 */
export function keyOf<const Names extends readonly string[]>(
  representation: Readonly<Record<string, unknown>>,
  ...names: Names
): { [Index in keyof Names]: string } {
  return names.map((name) => pathSegment(name, representation[name])) as { [Index in keyof Names]: string };
}
