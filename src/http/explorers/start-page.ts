import { createHash } from 'node:crypto';
import { demoCallers, demoUsers, example, exampleCurl } from './example.ts';
import { browserFile, type Page, pageHeaders } from './page.ts';

export interface StartPageOptions {
  /** A token of the embedded REST API, to fill in for those who explore; undefined over a real one. */
  readonly token: string | undefined;
  /** Where the REST API is. */
  readonly upstreamUrl: URL;
  /** Where health and metrics are, without a path, if not beside GraphQL. */
  readonly adminUrl?: (() => string | undefined) | undefined;
}

/** Where everything is, whom to be, whom to ask for, and a command to paste. Static, and without scripts. */
export async function startPage(
  { token, upstreamUrl, adminUrl }: StartPageOptions,
  host = '',
): Promise<Page> {
  const isDemo = token !== undefined;
  const graphqlUrl = `http://${SHELL_SAFE_HOST.test(host) ? host : 'localhost:4000'}/graphql`;
  const body = await browserFile('start-page.html', {
    restApi: isDemo
      ? 'The REST API behind it is embedded, and holds demo data.'
      : `The REST API behind it is <b>${escapeHtml(upstreamUrl.origin)}</b>: bring a token and ids of your own.`,
    admin: escapeHtml(adminUrl?.() ?? ''),
    graphqlUrl: escapeHtml(graphqlUrl),
    curl: escapeHtml(exampleCurl(graphqlUrl, token)),
    demo: isDemo ? await demoData() : '',
  });
  const [, css = ''] = /<style>(.*?)<\/style>/s.exec(body) ?? [];
  const headers = pageHeaders({
    'default-src': "'none'",
    'style-src': `'sha256-${createHash('sha256').update(css).digest('base64')}'`,
    'img-src': 'data:',
  });
  return { headers, body };
}

/** What may stand in a command that is to be pasted into a shell. */
const SHELL_SAFE_HOST = /^[A-Za-z0-9.:[\]-]{1,255}$/;

function demoData(): Promise<string> {
  const row = (code: string, text: string) =>
    `<tr><td><code>${code}</code></td><td>${escapeHtml(text)}</td></tr>`;
  return browserFile('demo-data.html', {
    callers: demoCallers.map(({ token, who }) => row(token, who)).join('\n'),
    communityId: example.variables.communityId,
    users: demoUsers.map(({ id, what }) => row(id, what)).join('\n'),
  });
}

/** A text as it may stand in HTML, between tags or in a quoted attribute. */
function escapeHtml(text: string): string {
  return text.replaceAll(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}
