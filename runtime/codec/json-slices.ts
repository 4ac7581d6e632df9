/**
 * Cuts JSON text into the texts of its parts, exactly as they are spelled. For transports that carry several records in one
 * JSON value (a batch, a table in one array). The text must have passed `JSON.parse`: this walks it, and does not check it.
 */

/** The texts of an array's items. */
export function arrayItems(text: string): string[] {
  return parts(text).map(([from, to]) => text.slice(from, to));
}

/** The text of each member of an object by its name; the last of two with one name, as in `JSON.parse`. */
export function objectMembers(text: string): Map<string, string> {
  const members = new Map<string, string>();
  for (const [from, to] of parts(text)) {
    const nameEnd = stringEnd(text, from);
    const name: unknown = JSON.parse(text.slice(from, nameEnd));
    members.set(String(name), text.slice(text.indexOf(":", nameEnd) + 1, to).trim());
  }
  return members;
}

/** The text of the member `name` of an object, the last of two; undefined when it has none. */
export function memberText(text: string, name: string): string | undefined {
  let found: string | undefined;
  for (const [from, to] of parts(text)) {
    const nameEnd = stringEnd(text, from);
    const spelled = text.slice(from + 1, nameEnd - 1);
    const isIt = spelled.includes("\\") ? JSON.parse(`"${spelled}"`) === name : spelled === name;
    if (isIt) found = text.slice(text.indexOf(":", nameEnd) + 1, to).trimStart();
  }
  return found;
}

/** What stands between the commas of the outermost brackets, blanks around it left out. */
function parts(text: string): [number, number][] {
  const found: [number, number][] = [];
  let depth = 0;
  let start = -1;
  const close = (at: number) => {
    if (start < 0) return;
    let end = at;
    while (isBlank(text.charCodeAt(end - 1))) end--;
    found.push([start, end]);
    start = -1;
  };
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (isBlank(code)) continue;
    const closes = code === 0x5d || code === 0x7d;
    if (depth === 1 && (code === 0x2c || closes)) close(at);
    else if (depth === 1 && start < 0) start = at;
    if (code === 0x5b || code === 0x7b) depth++;
    else if (closes) depth--;
    else if (code === 0x22) at = stringEnd(text, at) - 1;
  }
  return found;
}

/** After the closing quote of the string that opens at `from`. */
function stringEnd(text: string, from: number): number {
  let at = from + 1;
  for (let code = text.charCodeAt(at); code !== 0x22; code = text.charCodeAt(at)) at += code === 0x5c ? 2 : 1;
  return at + 1;
}

function isBlank(code: number): boolean {
  return code === 0x20 || code === 0x0a || code === 0x0d || code === 0x09;
}
