import type { FieldNode, GraphQLResolveInfo } from 'graphql';
import type { FieldSet, Resource } from '#upstream/resource.ts';
import { selectedFieldNames } from './selected-field-names.ts';

/** What of a resolver's `info` says which fields are selected below it. */
export type SelectionInfo = Pick<
  GraphQLResolveInfo,
  'schema' | 'fragments' | 'fieldNodes' | 'variableValues'
>;

/** For each field of a GraphQL type, the REST fields that reading it costs. */
export type FieldCosts<Type, Field extends string> = Readonly<
  Record<Exclude<keyof Type, '__typename'>, readonly Field[]>
>;

/**
 * Makes the function that tells, from a resolver's `info`, which REST fields executing the selection below it will read
 * of an object of type `typeName`.
 */
export function requestedFields<Type, Field extends string>(
  typeName: string,
  costs: FieldCosts<Type, Field>,
  resource: Resource<Field>,
): (info: SelectionInfo) => FieldSet {
  const costOf = new Map<string, FieldSet>();
  for (const [name, fields] of Object.entries<readonly Field[]>(costs))
    costOf.set(name, resource.fieldSet(fields));

  // An executor gives every execution of a compiled document, and every item of a list, the same array of nodes. What
  // they cost is worked out once; where a directive had a say, it holds for the same variables only.
  const plans = new WeakMap<readonly FieldNode[], Plan>();

  return (info) => {
    const known = plans.get(info.fieldNodes);
    if (
      known !== undefined &&
      (known.variableValues === undefined || known.variableValues === info.variableValues)
    ) {
      return known.fields;
    }
    const { names, conditional } = selectedFieldNames(typeName, info);
    let fields = 0;
    for (const name of names) fields |= costOf.get(name) ?? 0;
    plans.set(info.fieldNodes, { fields, variableValues: conditional ? info.variableValues : undefined });
    return fields;
  };
}

interface Plan {
  readonly fields: FieldSet;
  /** The variables that it holds for; undefined where it holds for all. */
  readonly variableValues: GraphQLResolveInfo['variableValues'] | undefined;
}
