import { buildSchema, GraphQLError, Kind, parse } from 'graphql';
import { expect, test } from 'vitest';
import { FieldArguments } from '#graphql/plan/field-arguments.ts';

const schema = buildSchema('type Query { field(one: ID!, other: String): String }');

/** The arguments of the field in `query(…) { field(…) }`. */
function argumentsOf(query: string): FieldArguments {
  const [operation] = parse(query).definitions;
  const field = schema.getQueryType()?.getFields().field;
  const node =
    operation?.kind === Kind.OPERATION_DEFINITION ? operation.selectionSet.selections[0] : undefined;
  if (field === undefined || node?.kind !== Kind.FIELD) throw new TypeError('There is no such field.');
  return new FieldArguments(field, node);
}

/** Variables that count how often graphql-js looks whether one is there, which it does for each argument it works out. */
function countedVariables(values: Readonly<Record<string, unknown>>) {
  let looks = 0;
  const variables = new Proxy(values, {
    getOwnPropertyDescriptor(target, name) {
      looks++;
      return Reflect.getOwnPropertyDescriptor(target, name);
    },
  });
  return { variables, looks: () => looks };
}

test('a plain variable and a constant are read without working out all arguments anew for each place', () => {
  const args = argumentsOf('query ($one: ID!) { field(one: $one, other: "text") }');
  const { variables, looks } = countedVariables({ one: 'a' });
  const places = Array.from({ length: 100 }, () => [
    args.value(args.argument('one'), variables),
    args.value(args.argument('other'), variables),
  ]);

  expect(new Set(places.map(String))).toEqual(new Set(['a,text']));
  expect(looks()).toBe(0);
});

test('where a variable is null or missing, the error is that of graphql-js', () => {
  const args = argumentsOf('query ($one: ID) { field(one: $one) }');
  for (const variables of [{ one: null }, {}]) {
    expect(() => args.value(args.argument('one'), variables)).toThrow('Argument "one" of');
  }
});

test('an argument that is null may be so, unless another one must not', () => {
  const other = argumentsOf('query ($other: String) { field(one: "a", other: $other) }');
  expect(other.value(other.argument('other'), { other: null })).toBeNull();

  const both = argumentsOf('query ($one: ID, $other: String) { field(one: $one, other: $other) }');
  expect(() => both.value(both.argument('other'), { one: null, other: null })).toThrow('Argument "one" of');
});

test('an error is made once for all places of a request, and anew for the next one', () => {
  const args = argumentsOf('query ($one: ID) { field(one: $one) }');
  const errorOf = (variables: Readonly<Record<string, unknown>>) => {
    try {
      return args.read(variables);
    } catch (error) {
      return error;
    }
  };
  const [none, other] = [{ one: null }, { one: null }];

  expect(errorOf(none)).toBeInstanceOf(GraphQLError);
  expect(errorOf(none)).toBe(errorOf(none));
  expect(errorOf(other)).not.toBe(errorOf(none));
  expect(errorOf({ one: 'a' })).toEqual({ one: 'a' });
});
