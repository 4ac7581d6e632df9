/**
 * Regular expressions with the syntax and the linear time of RE2. A pattern that provably cannot backtrack much runs on the
 * JavaScript engine, which is much faster; every other one on re2js.
 */
import { RE2JS } from "re2js";
import { EvaluationError, invalidArgument } from "../evaluation-error.ts";
import { nativePattern } from "./native-pattern.ts";

/** Longer patterns are refused; so are those whose program would be too large. */
const maxPatternLength = 2_000;
const maxProgramSize = 20_000;
/** The JavaScript engine keeps a stack that grows with the text; beyond this length re2js runs instead. */
const maxNativeLength = 1_000_000;
const maxCached = 200;

export interface Pattern {
  readonly groupCount: number;
  test(text: string): boolean;
  /** The first match, or what its one group took; `undefined` when there is none. */
  first(text: string): string | undefined;
  /** All matches, or what their one group took. */
  all(text: string): readonly string[];
  /** @param count how many matches at most; negative = all */
  replace(text: string, template: readonly (string | number)[], count: number): string;
}

const cache = new Map<string, Pattern>();

/** The compiled pattern; the last few hundred are kept. @throws EvaluationError when it is not RE2 syntax. */
export function patternOf(source: string): Pattern {
  const known = cache.get(source);
  if (known !== undefined) return known;
  const pattern = compilePattern(source);
  if (cache.size >= maxCached) cache.clear();
  cache.set(source, pattern);
  return pattern;
}

function compilePattern(source: string): Pattern {
  if (source.length > maxPatternLength)
    throw new EvaluationError("limit", `a regular expression may have ${maxPatternLength} characters`);
  const native = nativePattern(source);
  return native === undefined ? new LinearPattern(source) : new NativePattern(source, native.source, native.flags);
}

/** How each match of a text is told: its offsets and those of its groups, -1 where a group took no part. */
type OnMatch = (start: number, end: number, group: (index: number) => string | undefined) => boolean;

function groupWanted(groupCount: number): 0 | 1 {
  if (groupCount > 1) throw invalidArgument("regular expression has more than one capturing group");
  return groupCount === 1 ? 1 : 0;
}

function replaceWith(
  text: string,
  template: readonly (string | number)[],
  count: number,
  each: (onMatch: OnMatch) => void,
): string {
  if (count === 0) return text;
  const pieces: string[] = [];
  let last = 0;
  let left = count;
  each((start, end, group) => {
    pieces.push(text.slice(last, start));
    for (const piece of template) pieces.push(typeof piece === "string" ? piece : (group(piece) ?? ""));
    last = end;
    return --left !== 0;
  });
  return last === 0 && pieces.length === 0 ? text : pieces.join("") + text.slice(last);
}

class LinearPattern implements Pattern {
  readonly #re: RE2JS;
  readonly groupCount: number;

  constructor(source: string) {
    this.#re = compileLinear(source);
    this.groupCount = this.#re.groupCount();
  }

  test(text: string): boolean {
    return this.#re.test(text);
  }

  first(text: string): string | undefined {
    const wanted = groupWanted(this.groupCount);
    const matcher = this.#re.matcher(text);
    return matcher.find() ? (matcher.group(wanted) ?? undefined) : undefined;
  }

  all(text: string): readonly string[] {
    const wanted = groupWanted(this.groupCount);
    const found: string[] = [];
    this.#each(text, (_start, _end, group) => {
      const part = group(wanted);
      if (part !== undefined) found.push(part);
      return true;
    });
    return found;
  }

  replace(text: string, template: readonly (string | number)[], count: number): string {
    return replaceWith(text, template, count, (onMatch) => this.#each(text, onMatch));
  }

  /** An empty match directly after another match does not count. Source: Go's regexp package, on which CEL's results rest. */
  #each(text: string, onMatch: OnMatch): void {
    const matcher = this.#re.matcher(text);
    let last = -1;
    while (matcher.find()) {
      const start = matcher.start();
      const end = matcher.end();
      const isCounted = start !== end || start !== last;
      last = end;
      if (isCounted && !onMatch(start, end, (index) => matcher.group(index) ?? undefined)) return;
    }
  }
}

function compileLinear(source: string): RE2JS {
  let re: RE2JS;
  try {
    re = RE2JS.compile(source);
  } catch (cause) {
    throw invalidArgument(`not a regular expression: ${cause instanceof Error ? cause.message : String(cause)}`);
  }
  if (re.programSize() > maxProgramSize) throw new EvaluationError("limit", "a regular expression is too large");
  return re;
}

class NativePattern implements Pattern {
  readonly #source: string;
  readonly #once: RegExp;
  readonly #global: RegExp;
  readonly groupCount: number;
  #linear: LinearPattern | undefined;

  constructor(source: string, native: string, flags: string) {
    this.#source = source;
    this.#once = new RegExp(native, flags);
    this.#global = new RegExp(native, `${flags}g`);
    this.groupCount = (new RegExp(`${native}|`, flags).exec("")?.length ?? 1) - 1;
  }

  test(text: string): boolean {
    return text.length > maxNativeLength ? this.#slow().test(text) : this.#once.test(text);
  }

  first(text: string): string | undefined {
    if (text.length > maxNativeLength) return this.#slow().first(text);
    return this.#once.exec(text)?.[groupWanted(this.groupCount)];
  }

  all(text: string): readonly string[] {
    if (text.length > maxNativeLength) return this.#slow().all(text);
    if (groupWanted(this.groupCount) === 0) return text.match(this.#global) ?? [];
    return Array.from(text.matchAll(this.#global), (match) => match[1]).filter((part) => part !== undefined);
  }

  replace(text: string, template: readonly (string | number)[], count: number): string {
    if (text.length > maxNativeLength) return this.#slow().replace(text, template, count);
    const only = template.join("");
    if (count < 0 && template.every((piece) => typeof piece === "string"))
      return text.replace(this.#global, () => only);
    return replaceWith(text, template, count, (onMatch) => {
      for (const match of text.matchAll(this.#global))
        if (!onMatch(match.index, match.index + match[0].length, (index) => match[index])) return;
    });
  }

  #slow(): LinearPattern {
    this.#linear ??= new LinearPattern(this.#source);
    return this.#linear;
  }
}
