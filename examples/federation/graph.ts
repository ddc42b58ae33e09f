/** Something that listens: its address, path included, and the way to end it. */
export type Running = { readonly url: string; stop(): Promise<void> };

/** One part of the graph: its name in the registry, where the gateway finds it, and its schema. */
export type Subgraph = { readonly name: string; readonly url: string; readonly sdl: string };

/**
 * Starts a gateway on 127.0.0.1 in front of these subgraphs; port 0 takes a free one. It passes the caller's token and
 * request id on to each of them.
 */
export type StartGateway = (subgraphs: readonly Subgraph[], port: number) => Promise<Running>;
