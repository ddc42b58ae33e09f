import { ApolloClient, ApolloLink, HttpLink, InMemoryCache } from '@apollo/client';
import { PersistedQueryLink } from '@apollo/client/link/persisted-queries';
import type { DocumentNode } from 'graphql';
import { tap } from 'rxjs';
import { isUpstreamReport, lastOperation } from './last-operation.ts';

/** A client for one caller. Another caller gets another client: what one may see is not for the next. */
export function createClient(token: string): ApolloClient {
  const http = new HttpLink({
    uri: '/graphql',
    headers: { authorization: `Bearer ${token}`, 'x-upstream-report': '1' },
  });
  return new ApolloClient({
    link: ApolloLink.from([reportLink, trustedDocumentLink, http]),
    cache: new InMemoryCache({
      typePolicies: {
        // `id` says nothing of the community: it would mix what two communities know of one user.
        CommunityUser: { keyFields: ['communityId', 'userId'] },
      },
    }),
  });
}

/** Sends the id that codegen gave to the document, in place of its text. */
const trustedDocumentLink = new PersistedQueryLink({ generateHash: idOf });

function idOf(document: DocumentNode & { readonly __meta__?: { readonly hash?: string } }): string {
  return document.__meta__?.hash ?? '';
}

/** Remembers which REST calls the last operation caused. */
const reportLink = new ApolloLink((operation, forward) =>
  forward(operation).pipe(
    tap(({ extensions }) => {
      const report = extensions?.upstream;
      if (isUpstreamReport(report)) lastOperation({ name: operation.operationName ?? 'Query', report });
    }),
  ),
);
