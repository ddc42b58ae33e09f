const QUOTE = 0x22;
const OPENING_BRACKET = 0x5b;
const BACKSLASH = 0x5c;
const CLOSING_BRACKET = 0x5d;
const OPENING_BRACE = 0x7b;
const CLOSING_BRACE = 0x7d;

/**
 * The digits of a number as they stand in a JSON text: of the member `name` of the object that is the member `parent` of
 * the text's object; where a name comes twice, of the last one, as `JSON.parse` has it. The text must be valid JSON.
 */
export function numberSource(text: string, parent: string, name: string): string | undefined {
  let depth = 0;
  /** Where the value of the latest member `parent` starts. */
  let parentAt: number | undefined;
  let isInParent = false;
  let found: number | undefined;
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    // Most of what there is to pass over: numbers and what stands between them.
    if (code < OPENING_BRACKET && code !== QUOTE) continue;
    if (code === QUOTE) {
      const end = endOfString(text, at);
      if (depth === 1 && isString(text, at, end, parent)) parentAt = valueOfMember(text, end) ?? parentAt;
      else if (depth === 2 && isInParent && isString(text, at, end, name))
        found = valueOfMember(text, end) ?? found;
      at = end - 1;
    } else if (code === OPENING_BRACE || code === OPENING_BRACKET) {
      depth++;
      if (at === parentAt) {
        isInParent = true;
        found = undefined;
      }
    } else if (code === CLOSING_BRACE || code === CLOSING_BRACKET) {
      depth--;
      if (depth === 1) isInParent = false;
    }
  }
  if (found === undefined) return undefined;
  const number = /[-+.\deE]*/y;
  number.lastIndex = found;
  return number.exec(text)?.[0];
}

/** The place behind the closing quote of the string that opens at `at`. */
function endOfString(text: string, at: number): number {
  for (let end = text.indexOf('"', at + 1); ; end = text.indexOf('"', end + 1)) {
    let backslashes = 0;
    while (text.charCodeAt(end - 1 - backslashes) === BACKSLASH) backslashes++;
    if (backslashes % 2 === 0) return end + 1;
  }
}

/** Whether the string that stands here, quotes and all, has this value. */
function isString(text: string, at: number, end: number, value: string): boolean {
  if (end - at === value.length + 2) return text.startsWith(value, at + 1);
  const raw = text.slice(at, end);
  return raw.includes('\\') && JSON.parse(raw) === value;
}

/** Where the value starts, if the string that ends here is a name and not a value itself. */
function valueOfMember(text: string, end: number): number | undefined {
  const colon = /\s*:\s*/y;
  colon.lastIndex = end;
  return colon.test(text) ? colon.lastIndex : undefined;
}
