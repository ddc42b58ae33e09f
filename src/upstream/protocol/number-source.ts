/**
 * The digits of a number as they stand in a JSON text: of the member `name` of the object that is the member `parent` of
 * the text's object; where a name comes twice, of the last one, as `JSON.parse` has it. The text must be valid JSON.
 */
export function numberSource(text: string, parent: string, name: string): string | undefined {
  const object = lastMember(text, text.indexOf('{'), parent);
  const start = object === undefined ? undefined : lastMember(text, object, name);
  if (start === undefined) return undefined;
  const number = /[-+.\deE]*/y;
  number.lastIndex = start;
  return number.exec(text)?.[0];
}

/** Where the value of an object's last member of this name starts; `from` is the place of its opening brace. */
function lastMember(text: string, from: number, name: string): number | undefined {
  let found: number | undefined;
  let depth = 0;
  for (let at = from; at < text.length; at++) {
    switch (text.charCodeAt(at)) {
      case OPENING_BRACE:
      case OPENING_BRACKET:
        depth++;
        break;
      case CLOSING_BRACE:
      case CLOSING_BRACKET:
        if (--depth === 0) return found;
        break;
      case QUOTE: {
        const end = endOfString(text, at);
        if (depth === 1 && isString(text.slice(at + 1, end - 1), name))
          found = valueOfMember(text, end) ?? found;
        at = end - 1;
      }
    }
  }
  return found;
}

const [OPENING_BRACE, CLOSING_BRACE, OPENING_BRACKET, CLOSING_BRACKET, QUOTE, BACKSLASH] = [
  0x7b, 0x7d, 0x5b, 0x5d, 0x22, 0x5c,
];

/** The place behind the closing quote of the string that opens at `at`. */
function endOfString(text: string, at: number): number {
  for (let end = text.indexOf('"', at + 1); ; end = text.indexOf('"', end + 1)) {
    let backslashes = 0;
    while (text.charCodeAt(end - 1 - backslashes) === BACKSLASH) backslashes++;
    if (backslashes % 2 === 0) return end + 1;
  }
}

/** Whether this is what stands between the quotes of a string. */
function isString(raw: string, value: string): boolean {
  return raw === value || (raw.includes('\\') && JSON.parse(`"${raw}"`) === value);
}

/** Where the value starts, if the string that ends here is a name and not a value itself. */
function valueOfMember(text: string, end: number): number | undefined {
  const colon = /\s*:\s*/y;
  colon.lastIndex = end;
  return colon.test(text) ? colon.lastIndex : undefined;
}
