/** What a GraphQL server answered. */
export type Answer<Data = unknown> = {
  readonly data?: Data;
  readonly errors?: readonly {
    readonly message: string;
    readonly path?: readonly (string | number)[];
    readonly extensions: Readonly<Record<string, unknown>>;
  }[];
};

export type Ask = {
  readonly variables?: Readonly<Record<string, unknown>>;
  /** The bearer token; null sends none. */
  readonly token?: string | null;
  readonly requestId?: string;
};

/** Sends one operation, by default with the token of an administrator of the demo community. */
export async function ask<Data = unknown>(
  url: string,
  query: string,
  { variables = {}, token = 'demo-admin', requestId }: Ask = {},
): Promise<Answer<Data>> {
  const response = await fetch(url, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      ...(token !== null && { authorization: `Bearer ${token}` }),
      ...(requestId !== undefined && { 'x-request-id': requestId }),
    },
    body: JSON.stringify({ query, variables }),
  });
  return JSON.parse(await response.text());
}
