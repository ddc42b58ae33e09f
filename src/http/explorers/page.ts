import { readFile } from 'node:fs/promises';

/** An answer to a browser, but for the headers that all of ours have. */
export interface Page {
  /** 200 where it is not said. */
  readonly status?: number;
  /** By lower-case name. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** The headers of an HTML page that nobody may frame, with this content security policy. */
export function pageHeaders(policy: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  const none = { 'base-uri': "'none'", 'form-action': "'none'", 'frame-ancestors': "'none'" };
  const directives = Object.entries({ ...policy, ...none });
  return {
    'content-type': 'text/html; charset=utf-8',
    'content-security-policy': directives.map((directive) => directive.join(' ')).join('; '),
    'x-frame-options': 'DENY',
    'referrer-policy': 'no-referrer',
  };
}

/** A text file of `browser/`, with these values in place of `{{name}}`. Where it is HTML, they are HTML. */
export async function browserFile(
  name: string,
  values: Readonly<Record<string, string>> = {},
): Promise<string> {
  const text = await readFile(new URL(`browser/${name}`, import.meta.url), 'utf8');
  return text.replaceAll(/\{\{(\w+)\}\}/g, (whole, value: string) => values[value] ?? whole);
}
