/**
 * Finds the groups of a window for the runs of characters of a text, without making a string of each run: the way of
 * `expand regex.extractAll(text, "[a-z]+")` into a window whose key is the run and which only counts.
 */
import type { ExprTree } from "../../compiler/contract/expr-tree.ts";
import type { OperatorPlan, WindowPlan } from "../../compiler/contract/runtime-config.ts";
import type { Reader } from "../engine/graph.ts";
import { ownText } from "../expr/own-text.ts";
import type { CharacterSet } from "../expr/regex/character-set.ts";
import { readPattern } from "../expr/regex/read-pattern.ts";

/** What `StageEmission` remembers of it for the window. */
export interface RunsPlan {
  /** The text that is taken apart. */
  readonly text: ExprTree;
  readonly set: CharacterSet;
  /** The window's node. */
  readonly window: number;
}

/** Undefined when the operators do not end so, or somebody else looks at the runs. */
export function runsInto(operators: readonly OperatorPlan[], readers: readonly Reader[]): RunsPlan | undefined {
  const last = operators.at(-1);
  const [reader, ...others] = readers;
  if (last?.op !== "expand" || reader?.node.kind !== "window" || others.length > 0) return undefined;
  const { edge, node, index } = reader;
  if (edge.where !== undefined || edge.otherwise === true || node.from.length !== 1 || !countsRuns(node))
    return undefined;
  const { list } = last;
  if (list.op !== "call" || list.fn !== "regex.extractAll") return undefined;
  const [text, pattern] = list.args;
  if (text?.kind !== "string" || pattern?.op !== "const" || typeof pattern.value !== "string") return undefined;
  const set = setOfRuns(pattern.value);
  return set === undefined ? undefined : { text, set, window: index };
}

function countsRuns({ key, aggregates }: WindowPlan): boolean {
  const [only] = key;
  return (
    key.length === 1 &&
    only?.op === "var" &&
    only.name === "data" &&
    only.kind === "string" &&
    aggregates.every(({ fn, args }) => fn === "count" && args.length === 0)
  );
}

/** The characters of a pattern that is one set, once or more; undefined for every other, and for sets beyond Latin-1. */
function setOfRuns(source: string): CharacterSet | undefined {
  const read = readPattern(source);
  const [sequence, ...others] = read?.alternatives ?? [];
  const [item, ...more] = sequence ?? [];
  if (item?.kind !== "set" || others.length > 0 || more.length > 0) return undefined;
  const { set, repeat } = item;
  const isRun = repeat?.min === 1 && repeat.max === Number.POSITIVE_INFINITY && !repeat.lazy;
  return isRun && set.every(([, to]) => to <= maxCharacter) ? set : undefined;
}

const maxCharacter = 0xff;
const firstSlots = 1 << 10;
/** The table only saves looking in the window's own map, so it may forget. */
const mostSlots = 1 << 17;
/** A run that is not found in so many slots takes the place of another: runs made to collide cost no more than others. */
const mostProbes = 16;

/** Walks the runs of one text after the other; knows the group of every run that `keep` was told of, but those it had to forget. */
export class TextRuns<Group extends object> {
  /** Of the run that `next` came to; undefined when it is not known. */
  group: Group | undefined;
  private readonly isMember = new Uint8Array(maxCharacter + 1);
  private text = "";
  private at = 0;
  private from = 0;
  private slot = 0;
  private hash = 0;
  private head = 0;
  private tail = 0;
  private used = 0;
  private mask = 0;
  private groups: (Group | undefined)[] = [];
  private keys: string[] = [];
  /** Four numbers for each slot: hash, length, and of the first and last characters eight bits each. */
  private marks = new Int32Array(0);

  constructor(set: CharacterSet) {
    for (const [from, to] of set) this.isMember.fill(1, from, to + 1);
    this.reset(firstSlots);
  }

  begin(text: string): void {
    this.text = text;
    this.at = 0;
  }

  /** Goes to the next run. False when there is none. */
  next(): boolean {
    const { text, isMember } = this;
    const end = text.length;
    let at = this.at;
    let code = 0;
    for (; at < end; at++) {
      code = text.charCodeAt(at);
      if (code <= maxCharacter && isMember[code] === 1) break;
    }
    if (at >= end) return false;
    const from = at;
    let hash = 0;
    let head = 0;
    let tail = 0;
    do {
      hash = (Math.imul(hash, 31) + code) | 0;
      tail = (tail << 8) | code;
      at++;
      if (at - from === 4) head = tail;
      if (at === end) break;
      code = text.charCodeAt(at);
    } while (code <= maxCharacter && isMember[code] === 1);
    this.at = at;
    this.from = from;
    this.hash = hash ^ (hash >>> 15);
    this.head = head;
    this.tail = tail;
    this.find(at - from);
    return true;
  }

  /** The run itself; it may be kept when the text is not. */
  run(): string {
    return ownText(this.text.slice(this.from, this.at));
  }

  /** The group of the run that `next` came to; it was not known. */
  keep(run: string, group: Group): void {
    if (2 * this.used >= this.mask) {
      this.grow();
      this.find(run.length);
    }
    this.put(this.slot, run, group, this.hash, run.length, this.head, this.tail);
  }

  /** Forgets all groups. */
  clear(): void {
    this.reset(firstSlots);
    // `keep` may be next.
    this.slot = this.hash & this.mask;
  }

  private find(length: number): void {
    const { marks, mask, hash, head, tail } = this;
    let slot = hash & mask;
    for (let probe = 0; probe < mostProbes; probe++) {
      const group = this.groups[slot];
      const mark = slot << 2;
      if (
        group === undefined ||
        (marks[mark] === hash &&
          marks[mark + 1] === length &&
          marks[mark + 2] === head &&
          marks[mark + 3] === tail &&
          // Up to eight characters are all in `head` and `tail`.
          (length <= 8 || this.text.startsWith(this.keys[slot]!, this.from)))
      ) {
        this.group = group;
        this.slot = slot;
        return;
      }
      slot = (slot + 1) & mask;
    }
    this.group = undefined;
    this.slot = hash & mask;
  }

  private grow(): void {
    const { groups, keys, marks } = this;
    if (groups.length >= mostSlots) {
      this.reset(firstSlots);
      return;
    }
    this.reset(groups.length * 2);
    groups.forEach((group, old) => {
      if (group === undefined) return;
      const mark = old << 2;
      const hash = marks[mark]!;
      let slot = hash & this.mask;
      for (let probe = 1; probe < mostProbes && this.groups[slot] !== undefined; probe++) slot = (slot + 1) & this.mask;
      this.put(slot, keys[old]!, group, hash, marks[mark + 1]!, marks[mark + 2]!, marks[mark + 3]!);
    });
  }

  private put(slot: number, run: string, group: Group, hash: number, length: number, head: number, tail: number): void {
    this.groups[slot] = group;
    this.keys[slot] = run;
    this.marks[slot << 2] = hash;
    this.marks[(slot << 2) + 1] = length;
    this.marks[(slot << 2) + 2] = head;
    this.marks[(slot << 2) + 3] = tail;
    this.used++;
  }

  private reset(slots: number): void {
    this.mask = slots - 1;
    this.used = 0;
    this.groups = new Array<Group | undefined>(slots).fill(undefined);
    this.keys = new Array<string>(slots).fill("");
    this.marks = new Int32Array(4 * slots);
  }
}
