import { GraphQLError, type ValidationRule } from 'graphql';

/** Refuses operations of a type that the schema has no root for, which graphql-js finds out only when it executes them. */
export const supportedOperations: ValidationRule = (context) => ({
  OperationDefinition(node) {
    if (context.getSchema().getRootType(node.operation)) return;
    const message = `This API has no ${node.operation}s: only queries are supported.`;
    context.reportError(new GraphQLError(message, { nodes: node }));
  },
});

/** Refuses introspection, and says where the schema is to be had instead. */
export const noIntrospection: ValidationRule = (context) => ({
  Field(node) {
    const name = node.name.value;
    if (name !== '__schema' && name !== '__type') return;
    const message =
      `Introspection is off here, so "${name}" is not answered. Take the schema from the published file ` +
      'docs/schema.graphql, or start the service with INTROSPECTION=true.';
    context.reportError(new GraphQLError(message, { nodes: node }));
  },
});
