import { createHash } from 'node:crypto';
import { demoCallers, demoUsers, example, exampleCurl } from './example.ts';
import { type Page, pageHeaders } from './page.ts';

export interface StartPageOptions {
  /** A token of the embedded REST API, to fill in for those who explore; undefined over a real one. */
  readonly token: string | undefined;
  /** Where the REST API is. */
  readonly upstreamUrl: URL;
  /** Where health and metrics are, without a path, if not beside GraphQL. */
  readonly adminUrl?: (() => string | undefined) | undefined;
}

/** Where everything is, whom to be, whom to ask for, and a command to paste. Static, and without scripts. */
export function startPage({ token, upstreamUrl, adminUrl }: StartPageOptions, host = ''): Page {
  const isDemo = token !== undefined;
  const restApi = isDemo
    ? 'The REST API behind it is embedded, and holds demo data.'
    : `The REST API behind it is <b>${escapeHtml(upstreamUrl.origin)}</b>: bring a token and ids of your own.`;
  const graphqlUrl = `http://${SHELL_SAFE_HOST.test(host) ? host : 'localhost:4000'}/graphql`;
  const admin = adminUrl?.() ?? '';
  const body = `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <title>Community users over GraphQL</title>
    <link rel="icon" href="data:,">
    <style>${CSS}</style>
  </head>
  <body>
    <main>
      <h1>Community users <span>over GraphQL</span></h1>
      <p>Every selection becomes exactly one REST call for each user, with exactly the fields that were selected.
        ${restApi}</p>

      <h2>Where everything is</h2>
      <ul class="places">
        ${place('/graphql', 'Apollo Sandbox', 'prefilled explorer; its code comes from Apollo, so it needs internet')}
        ${place('/graphiql', 'GraphiQL', 'prefilled explorer without internet, with the REST calls of each answer')}
        ${place(`${admin}/health/ready`, 'Health', 'ready for requests? <code>/health/live</code> says whether it runs')}
        ${place(`${admin}/metrics`, 'Metrics', 'for Prometheus')}
      </ul>

      <h2>A first request</h2>
      <p>GraphQL is at <code>${escapeHtml(graphqlUrl)}</code>, by POST, and by GET for queries.
        <code>x-upstream-report</code> asks for the REST calls behind the answer.</p>
      <pre>${escapeHtml(exampleCurl(graphqlUrl, token))}</pre>
${isDemo ? DEMO : ''}    </main>
  </body>
</html>
`;
  return { headers: HEADERS, body };
}

/** What may stand in a command that is to be pasted into a shell. */
const SHELL_SAFE_HOST = /^[A-Za-z0-9.:[\]-]{1,255}$/;

/** A text as it may stand in HTML, between tags or in a quoted attribute. */
function escapeHtml(text: string): string {
  return text.replaceAll(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}

function place(href: string, title: string, what: string): string {
  return `<li><a href="${escapeHtml(href)}"><b>${title}</b><code>${escapeHtml(href)}</code></a><span>${what}</span></li>`;
}

const DEMO = `
      <h2>Demo callers</h2>
      <p>As <code>authorization: Bearer &lt;token&gt;</code>.</p>
      <table>
        <tr><th>token</th><th>who</th></tr>
${demoCallers.map(({ token, who }) => tableRow(token, who)).join('')}      </table>

      <h2>Demo users</h2>
      <p>In community <code>${example.variables.communityId}</code>, beside a few hundred that have nothing special.</p>
      <table>
        <tr><th>userId</th><th>what</th></tr>
${demoUsers.map(({ id, what }) => tableRow(id, what)).join('')}      </table>
`;

function tableRow(code: string, text: string): string {
  return `        <tr><td><code>${code}</code></td><td>${escapeHtml(text)}</td></tr>\n`;
}

const CSS = `
:root { color-scheme: light dark; --text: #1f2430; --faint: #5d6678; --line: #dfe3ea; --panel: #f4f6f9; --link: #3949c6; --back: #fff; }
@media (prefers-color-scheme: dark) {
  :root { --text: #e4e8f1; --faint: #97a1b6; --line: #2c3446; --panel: #1a2030; --link: #9db1ff; --back: #11151f; }
}
body { margin: 0; background: var(--back); color: var(--text); font: 16px/1.55 system-ui, sans-serif; }
main { max-width: 860px; margin: 0 auto; padding: 40px 20px 64px; }
h1 { margin: 0 0 8px; font-size: 30px; line-height: 1.2; }
h1 span { color: var(--faint); font-weight: 400; }
h2 { margin: 36px 0 8px; font-size: 18px; }
p { margin: 0 0 10px; color: var(--faint); }
p b { color: var(--text); }
a { color: var(--link); text-decoration: none; }
a:hover b { text-decoration: underline; }
code, pre { font: 13px/1.5 ui-monospace, monospace; }
pre { margin: 0; padding: 14px 16px; white-space: pre-wrap; overflow-wrap: anywhere; border: 1px solid var(--line); border-radius: 8px; background: var(--panel); }
.places { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(340px, 100%), 1fr)); gap: 12px; margin: 0; padding: 0; list-style: none; }
.places li { padding: 12px 16px; border: 1px solid var(--line); border-radius: 8px; background: var(--panel); }
.places a { display: flex; justify-content: space-between; gap: 12px; align-items: baseline; }
.places span { color: var(--faint); font-size: 14px; }
table { width: 100%; border-collapse: collapse; }
th { color: var(--faint); font-size: 13px; font-weight: 500; text-align: left; }
td { padding: 6px 12px 6px 0; border-top: 1px solid var(--line); vertical-align: top; overflow-wrap: anywhere; }
td:first-child { width: 1%; padding-right: 24px; white-space: nowrap; }
`;

const HEADERS = pageHeaders({
  'default-src': "'none'",
  'style-src': `'sha256-${createHash('sha256').update(CSS).digest('base64')}'`,
  'img-src': 'data:',
});
