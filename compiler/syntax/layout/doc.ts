/**
 * Text whose line breaks are decided by width: a small version of Wadler's "A prettier printer". A group is laid out on
 * one line if it fits, else all its own lines break.
 */

export type Doc =
  | string
  | readonly Doc[]
  | { readonly kind: "line" /** What it is on one line. */; readonly flat: string; readonly isHard: boolean }
  | { readonly kind: "indent"; readonly of: Doc }
  | { readonly kind: "group"; readonly of: Doc; readonly breaks: boolean }
  /** Items and the lines between them, by turns: each line breaks only if the next item does not fit. */
  | {
      readonly kind: "fill";
      readonly parts: readonly Doc[] /** Those before it are laid out already. */;
      readonly from: number;
    }
  | { readonly kind: "choice"; readonly broken: Doc; readonly flat: Doc }
  /** A comment for the end of the current line. */
  | { readonly kind: "suffix"; readonly text: string };

export const line: Doc = { kind: "line", flat: " ", isHard: false };
export const softLine: Doc = { kind: "line", flat: "", isHard: false };
export const hardLine: Doc = { kind: "line", flat: "", isHard: true };
/** One empty line. */
export const blankLine: Doc = [hardLine, hardLine];

export const indent = (of: Doc): Doc => ({ kind: "indent", of });
export const fill = (parts: readonly Doc[], from = 0): Doc => ({ kind: "fill", parts, from });
export const choice = (broken: Doc, flat: Doc): Doc => ({ kind: "choice", broken, flat });
/** `// …`: also makes the groups around it break. */
export const suffix = (text: string): Doc => ({ kind: "suffix", text });
export const group = (of: Doc, breaks = false): Doc => ({ kind: "group", of, breaks: breaks || mustBreak(of) });

export function join(docs: readonly Doc[], separator: Doc): Doc {
  return docs.flatMap((doc, i) => (i === 0 ? [doc] : [separator, doc]));
}

function mustBreak(doc: Doc): boolean {
  if (typeof doc === "string") return false;
  if (!("kind" in doc)) return doc.some(mustBreak);
  switch (doc.kind) {
    case "line":
      return doc.isHard;
    case "indent":
      return mustBreak(doc.of);
    case "group":
      return doc.breaks;
    case "fill":
      return doc.parts.some(mustBreak);
    case "choice":
      return mustBreak(doc.flat);
    case "suffix":
      return true;
  }
}

interface Command {
  readonly doc: Doc;
  readonly indent: number;
  readonly isFlat: boolean;
}

/** Lays the document out in lines of at most `width` characters where it can. */
export function layOut(doc: Doc, width: number): string {
  const out: string[] = [];
  let column = 0;
  let pending = "";
  const todo: Command[] = [{ doc, indent: 0, isFlat: false }];
  const breakLine = (depth: number): void => {
    trimEnd(out);
    out.push(pending, "\n", " ".repeat(depth));
    pending = "";
    column = depth;
  };
  while (todo.length > 0) {
    const command = todo.pop()!;
    const { doc, indent: depth, isFlat } = command;
    if (typeof doc === "string") {
      out.push(doc);
      const lastBreak = doc.lastIndexOf("\n");
      column = lastBreak === -1 ? column + doc.length : doc.length - lastBreak - 1;
    } else if (!("kind" in doc)) {
      for (let i = doc.length - 1; i >= 0; i--) todo.push({ doc: doc[i]!, indent: depth, isFlat });
    } else {
      switch (doc.kind) {
        case "line":
          if (isFlat && !doc.isHard) {
            out.push(doc.flat);
            column += doc.flat.length;
          } else breakLine(depth);
          break;
        case "indent":
          todo.push({ doc: doc.of, indent: depth + 2, isFlat });
          break;
        case "group":
          todo.push({
            doc: doc.of,
            indent: depth,
            isFlat: !doc.breaks && (isFlat || fits(doc.of, todo, width - column)),
          });
          break;
        case "choice":
          todo.push({ doc: isFlat ? doc.flat : doc.broken, indent: depth, isFlat });
          break;
        case "suffix":
          pending += doc.text;
          break;
        case "fill":
          pushFill(doc.parts, doc.from, command, todo, width, column);
          break;
      }
    }
  }
  trimEnd(out);
  out.push(pending);
  return out.join("");
}

/** Takes spaces off the end of the line; inside a string of several lines they stay. */
function trimEnd(out: string[]): void {
  while (out.length > 0 && out.at(-1)!.trimEnd() === "" && out.at(-1) !== "\n") out.pop();
  const last = out.at(-1);
  if (last?.endsWith(" ")) out[out.length - 1] = last.trimEnd();
}

function pushFill(
  parts: readonly Doc[],
  from: number,
  command: Command,
  todo: Command[],
  width: number,
  column: number,
): void {
  const item = parts[from];
  const separator = parts[from + 1];
  const next = parts[from + 2];
  if (item === undefined) return;
  const { indent: depth } = command;
  const itemFits = !mustBreak(item) && fits(item, [], width - column);
  if (separator === undefined || next === undefined) {
    todo.push({ doc: item, indent: depth, isFlat: itemFits });
    return;
  }
  const pairFits =
    itemFits && !mustBreak([separator, next]) && fits([separator, next], [], width - columnAfter(item, column));
  todo.push({ doc: fill(parts, from + 2), indent: depth, isFlat: false });
  todo.push({ doc: separator, indent: depth, isFlat: pairFits });
  todo.push({ doc: item, indent: depth, isFlat: itemFits });
}

/** Where the line ends on which the last line of `item` stands, a string of several lines perhaps. */
function columnAfter(item: Doc, column: number): number {
  const text = layOut(group(item), Number.POSITIVE_INFINITY);
  const lastBreak = text.lastIndexOf("\n");
  return lastBreak === -1 ? column + text.length : text.length - lastBreak - 1;
}

/** Some parts of a document that are still to be measured; taken one by one, since mostly the first few decide. */
interface Pending {
  readonly parts: readonly Doc[];
  next: number;
  readonly isFlat: boolean;
}

/** Whether `doc` on one line, with what follows up to the next possible break, has room. */
function fits(doc: Doc, rest: readonly Command[], room: number): boolean {
  let left = room;
  let nextOfRest = rest.length;
  const todo: Pending[] = [{ parts: [doc], next: 0, isFlat: true }];
  while (left >= 0) {
    const top = todo.at(-1);
    if (top === undefined) {
      if (nextOfRest === 0) return true;
      const command = rest[--nextOfRest]!;
      todo.push({ parts: [command.doc], next: 0, isFlat: command.isFlat });
      continue;
    }
    const current = top.parts[top.next++];
    const { isFlat } = top;
    if (current === undefined) todo.pop();
    else if (typeof current === "string") {
      const lineBreak = current.indexOf("\n");
      if (lineBreak !== -1) return left - lineBreak >= 0;
      left -= current.length;
    } else if (!("kind" in current)) todo.push({ parts: current, next: 0, isFlat });
    else if (current.kind === "line") {
      if (!isFlat || current.isHard) return true;
      left -= current.flat.length;
    } else if (current.kind === "indent") todo.push({ parts: [current.of], next: 0, isFlat });
    else if (current.kind === "group") todo.push({ parts: [current.of], next: 0, isFlat: isFlat && !current.breaks });
    else if (current.kind === "choice") todo.push({ parts: [isFlat ? current.flat : current.broken], next: 0, isFlat });
    else if (current.kind === "fill") todo.push({ parts: current.parts, next: current.from, isFlat });
  }
  return false;
}
