/**
 * The shape of a JSON record, learnt from one: its keys in their order and what kind of value each has. A record of a known shape is taken apart by one
 * regular expression, which checks it as JSON.parse would; only the fields that somebody reads become values, and the rest is written as it came.
 *
 * A shape takes only text that is exactly what JSON.stringify gives for its value, so that nothing differs from reading and writing it whole.
 */
import { literal } from "../engine/stage-code.ts";
import { isPlain, needsMap, type PlainRecord } from "../operators/records.ts";
import { encodeJson } from "./json.ts";

type Path = readonly string[];

/** What a stage does with its records; all else of a record is not looked at. */
export interface ShapeUse {
  /** Fields that are read or set; no name of them is such that `needsMap`. */
  readonly paths: readonly Path[];
  /** Those of them that every record has set at the end, in the order in which they are set first. */
  readonly sets: readonly Path[];
  /** Whole numbers and fractions are told apart. */
  readonly tellsInts: boolean;
}

export interface JsonShape {
  /** Undefined when the text has another shape. */
  match(text: string): RegExpExecArray | null;
  /** The fields of `paths`, in their records. */
  read(match: RegExpExecArray): unknown;
  /** The record's text with the fields of `sets` as they are in `data`. */
  write(match: RegExpExecArray, data: unknown): string;
}

/** A longer record is not worth it, and would need much of the expression's stack. */
export const maxShapeLength = 16_384;
const maxMembers = 200;

const stringText = '[^"\\\\\\u0000-\\u001f]*';
const intText = "(?:0|-?[1-9]\\d{0,14})";
const fractionText = "-?(?:0|[1-9]\\d{0,8})\\.\\d{0,4}[1-9]";

/** Undefined when records like this one have to be read whole. */
export function learnShape(text: string, use: ShapeUse): JsonShape | undefined {
  if (text.length > maxShapeLength || text.includes("\\")) return undefined;
  const value: unknown = JSON.parse(text);
  const writer = new ShapeWriter(use);
  // Only then: a value nested too deeply for JSON.stringify has no shape, and its record is not bad for it.
  if (!isPlain(value) || !writer.record(value, []) || JSON.stringify(value) !== text) return undefined;
  return writer.shape(text);
}

class ShapeWriter {
  private readonly use: ShapeUse;
  /** The expression; what is written is cut into pieces, each a group. */
  private pattern = "^(";
  private groups = 1;
  private members = 0;
  private output = "m[1]";
  /** How many of the set fields have their place in it. */
  private placed = 0;
  /** The text of a JavaScript expression for what is read. */
  private reading = "";

  constructor(use: ShapeUse) {
    this.use = use;
  }

  /** False when it cannot be done. */
  record(value: PlainRecord, path: Path): boolean {
    this.pattern += "\\{";
    this.reading += "{";
    const names = Object.keys(value);
    for (const [index, name] of names.entries()) {
      if (needsMap(name) || ++this.members > maxMembers) return false;
      this.pattern += `${index === 0 ? "" : ","}${escaped(JSON.stringify(name))}:`;
      if (!this.member(value[name], [...path, name])) return false;
    }
    this.added(names, path);
    this.pattern += "\\}";
    this.reading += "}";
    return true;
  }

  private member(value: unknown, path: Path): boolean {
    const isUsed = this.use.paths.some((used) => isPrefix(path, used));
    if (isPlain(value)) {
      // Used as a whole: it would have to be read as a whole.
      if (this.use.paths.some((used) => used.length === path.length && isPrefix(path, used))) return false;
      if (!isUsed) return this.untouched(value, path);
      this.reading += `${literal(path.at(-1)!)}: `;
      if (!this.record(value, path)) return false;
      this.reading += ", ";
      return true;
    }
    return isUsed ? this.usedScalar(value, path) : this.untouched(value, path);
  }

  private untouched(value: unknown, path: Path): boolean {
    if (isPlain(value)) {
      const reading = this.reading;
      const isDone = this.record(value, path);
      this.reading = reading;
      return isDone;
    }
    const pattern =
      Array.isArray(value) && value.length === 0 ? "\\[\\]" : value === null ? "null" : this.scalar(value, "");
    this.pattern += pattern ?? "";
    return pattern !== undefined;
  }

  private usedScalar(value: unknown, path: Path): boolean {
    const isSet = this.use.sets.some((set) => samePath(set, path));
    // A set field stands between two pieces of what is written.
    if (isSet) this.pattern += ")";
    const group = ++this.groups;
    const pattern = this.scalar(value, "capture");
    if (pattern === undefined) return false;
    this.pattern += pattern;
    this.reading += `${literal(path.at(-1)!)}: ${reader(value, group)}, `;
    if (isSet) {
      this.placed++;
      this.pattern += "(";
      this.output += ` + text(${fieldOf("data", path)}) + m[${++this.groups}]`;
    }
    return true;
  }

  private scalar(value: unknown, capture: "" | "capture"): string | undefined {
    const open = capture === "" ? "(?:" : "(";
    if (typeof value === "string") return `"${open}${stringText})"`;
    if (typeof value === "boolean") return `${open}true|false)`;
    if (typeof value !== "number") return undefined;
    const isInt = Number.isInteger(value);
    return `${open}${this.use.tellsInts ? (isInt ? intText : fractionText) : `${intText}|${fractionText}`})`;
  }

  /** Fields that are set in this record and that it lacks. */
  private added(names: readonly string[], path: Path): void {
    const added = this.use.sets.filter(
      (set) => set.length === path.length + 1 && isPrefix(path, set) && !names.includes(set.at(-1)!),
    );
    if (added.length === 0) return;
    const texts = added.map((set, index) => {
      const comma = names.length + index === 0 ? "" : ",";
      return `${literal(`${comma}${JSON.stringify(set.at(-1))}:`)} + text(${fieldOf("data", set)})`;
    });
    this.pattern += ")(";
    this.output += ` + ${texts.join(" + ")} + m[${++this.groups}]`;
    this.placed += added.length;
  }

  shape(sample: string): JsonShape | undefined {
    // Else there is a field whose record is not there either.
    if (this.placed !== this.use.sets.length) return undefined;
    const pattern = new RegExp(`${this.pattern})$`);
    if (!pattern.test(sample)) return undefined;
    // The names of fields stand in the code as literals only.
    const read = new Function("m", `"use strict"; return ${this.reading};`);
    const write = new Function("text", "m", "data", `"use strict"; return ${this.output};`);
    return {
      match: (text) => pattern.exec(text),
      read: (match): unknown => read(match),
      write: (match, data) => String(write(scalarText, match, data)),
    };
  }
}

/** What JSON.stringify writes for such a value. */
function scalarText(value: unknown): string {
  if (typeof value !== "string") return encodeJson(value);
  return special.test(value) ? JSON.stringify(value) : `"${value}"`;
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: JSON escapes these
const special = /["\\\u0000-\u001f\ud800-\udfff]/;

function reader(value: unknown, group: number): string {
  if (typeof value === "string") return `m[${group}]`;
  return typeof value === "boolean" ? `m[${group}] === "true"` : `+m[${group}]`;
}

function fieldOf(root: string, path: Path): string {
  return root + path.map((name) => `[${literal(name)}]`).join("");
}

function escaped(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|/]/g, "\\$&");
}

function isPrefix(start: Path, path: Path): boolean {
  return start.length <= path.length && start.every((name, index) => path[index] === name);
}

function samePath(left: Path, right: Path): boolean {
  return left.length === right.length && isPrefix(left, right);
}
