/** Settings of Hive Gateway. */
export const gatewayConfig = {
  supergraph: './supergraph.graphql',
  propagateHeaders: {
    /** The service reads users with the caller's own token; one request id finds a request in all logs. */
    fromClientToSubgraphs({ request }: { readonly request: Request }): Record<string, string> {
      const handedOn = ['authorization', 'x-request-id'];
      return Object.fromEntries([...request.headers].filter(([name]) => handedOn.includes(name)));
    },
  },
};
