/**
 * Fields that no type declares: a `set`, a record of `map` or `emit` makes them, and nodes downstream read them. Told by the
 * tree alone, back along the pipeline; where branches meet, a field may have been made in several places.
 */

import type { Span } from "../source/span.ts";
import type { Clause, Expression, Input, Name, NodeDeclaration, SourceFile } from "../syntax/ast.ts";
import { allParts, bare, holds } from "./syntax-path.ts";

/** A place that names a field, and where the field is made. */
export interface MadeField {
  readonly origin: Span;
  readonly makers: readonly Span[];
}

export function madeFieldAt(tree: SourceFile, offset: number): MadeField | undefined {
  const place = placesIn(tree, (span) => holds(span, offset)).find(({ name }) => holds(name.span, offset));
  if (!place) return undefined;
  const makers = place.makers();
  return makers.length === 0
    ? undefined
    : { origin: bare(place.name.span), makers: makers.map(({ span }) => bare(span)) };
}

/** Every place that may mean the same field, the makers too. */
export function samePlaces(tree: SourceFile, { makers }: MadeField): readonly Span[] {
  const starts = new Set(makers.map(({ start }) => start));
  const words = new Set(placesIn(tree).flatMap(({ name }) => (starts.has(name.span.start) ? [name.text] : [])));
  const found = new Map<number, Span>();
  for (const { name, makers: of } of placesIn(tree))
    if (words.has(name.text) && of().some(({ span }) => starts.has(span.start)))
      found.set(name.span.start, bare(name.span));
  return [...found.values()].sort((a, b) => a.start - b.start);
}

interface FieldPlace {
  readonly name: Name;
  makers(): readonly Name[];
}

type Path = readonly string[];

function placesIn(tree: SourceFile, isWanted: (span: Span) => boolean = () => true): readonly FieldPlace[] {
  const found: FieldPlace[] = [];
  const graph = new Graph(tree);
  for (const declaration of tree.declarations) {
    if (!isWanted(declaration.span)) continue;
    if (declaration.kind === "test")
      for (const statement of declaration.statements)
        if (statement.row === "test.expect" && isWanted(statement.span))
          found.push(...expectedFields(statement, graph));
    if (!isNode(declaration)) continue;
    for (const input of declaration.inputs)
      if (input.where) found.push(...reads(input.where, (path) => graph.ofInputs([input], path, new Set())));
    for (const [i, clause] of declaration.clauses.entries())
      if (isWanted(clause.span)) found.push(...fieldsOfClause(declaration, clause, i, graph));
  }
  return found;
}

const isNode = (one: SourceFile["declarations"][number]): one is NodeDeclaration => "inputs" in one;

function fieldsOfClause(node: NodeDeclaration, clause: Clause, index: number, graph: Graph): readonly FieldPlace[] {
  const before = (path: Path, alias?: string): readonly Name[] => graph.before(node, index, path, new Set(), alias);
  const found: FieldPlace[] = reads(clause, before);
  const makes = clause.keyword.text === "map" || clause.keyword.text === "emit";
  for (const { value } of clause.arguments) {
    for (const one of value.kind === "many" ? value.values : [value]) {
      if (one.kind === "path" && one.root.text === "data")
        for (const [j, name] of one.steps.entries()) {
          const isMade = clause.keyword.text === "set" && j === one.steps.length - 1;
          const path = one.steps.slice(0, j + 1).map(({ text }) => text);
          found.push({
            name,
            makers: () => (isMade ? [name] : orElse(before(path), clause.keyword.text === "set", name)),
          });
        }
      else if (makes) found.push(...keysOf(one as Expression, [], (name) => [name]));
    }
  }
  return found;
}

const orElse = (makers: readonly Name[], own: boolean, name: Name): readonly Name[] =>
  makers.length > 0 || !own ? makers : [name];

function expectedFields(statement: Clause, graph: Graph): readonly FieldPlace[] {
  const values = statement.arguments.flatMap(({ value }) => (value.kind === "many" ? value.values : [value]));
  const node = values.find((value) => value.kind === "node");
  if (node?.kind !== "node" || node.output) return [];
  return values.flatMap((value) =>
    value.kind === "node"
      ? []
      : keysOf(value as Expression, [], (_, path) => graph.end(node.node.text, path, new Set())),
  );
}

/** The keys of records, in lists and in records too, each with the way to it. */
function keysOf(
  e: Expression,
  above: Path,
  makers: (name: Name, path: Path) => readonly Name[],
): readonly FieldPlace[] {
  if (e.kind === "list") return e.items.flatMap(({ value }) => keysOf(value, above, makers));
  if (e.kind === "parentheses") return keysOf(e.of, above, makers);
  if (e.kind === "conditional") return [...keysOf(e.then, above, makers), ...keysOf(e.else, above, makers)];
  if (e.kind !== "record") return [];
  return e.entries.flatMap((entry) => {
    if (entry.kind !== "field") return [];
    const path = [...above, entry.key.text];
    return [{ name: entry.key, makers: () => makers(entry.key, path) }, ...keysOf(entry.value, path, makers)];
  });
}

/** `data.a.b`, `o.data.a`. */
function reads(part: { readonly span: Span }, makers: (path: Path, alias?: string) => readonly Name[]): FieldPlace[] {
  const found: FieldPlace[] = [];
  for (const one of allParts(part)) {
    if (one.kind !== "select" || !("field" in one)) continue;
    const e = one as Extract<Expression, { readonly kind: "select" }>;
    const words = wordsOf(e);
    if (words?.[0] === "data" && words.length > 1) found.push({ name: e.field, makers: () => makers(words.slice(1)) });
    else if (words?.[1] === "data" && words.length > 2)
      found.push({ name: e.field, makers: () => makers(words.slice(2), words[0]) });
  }
  return found;
}

function wordsOf(e: Expression): Path | undefined {
  const words: string[] = [];
  let at = e;
  for (; at.kind === "select"; at = at.of) words.unshift(at.field.text);
  return at.kind === "ident" ? [at.name, ...words] : undefined;
}

/** Walks back from where a field is read. Each node once, so that branches that meet again cost nothing. */
class Graph {
  readonly #nodes: ReadonlyMap<string, NodeDeclaration>;

  constructor(tree: SourceFile) {
    this.#nodes = new Map(tree.declarations.filter(isNode).map((node) => [node.name.text, node]));
  }

  /** @param alias of the input that is meant, in a join */
  before(node: NodeDeclaration, index: number, path: Path, seen: Set<string>, alias?: string): readonly Name[] {
    let outer: Name | undefined;
    for (const clause of node.kind === "step" ? node.clauses.slice(0, index).toReversed() : []) {
      const found = this.#made(clause, path);
      if (found === "elsewhere") return outer ? [outer] : [];
      if (found === "before") continue;
      if (found.length > 0) return found;
      outer = outerOf(clause, path) ?? outer;
    }
    const inputs = node.inputs.filter((input) => alias === undefined || input.alias?.text === alias);
    const above = this.ofInputs(inputs, path, seen);
    return above.length > 0 || !outer ? above : [outer];
  }

  end(name: string, path: Path, seen: Set<string>): readonly Name[] {
    const node = this.#nodes.get(name);
    if (!node || seen.has(name)) return [];
    seen.add(name);
    const emit = node.clauses.findLast(({ keyword }) => keyword.text === "emit");
    const found = emit && (node.kind === "window" || node.kind === "chunk") ? this.#made(emit, path) : "before";
    if (typeof found !== "string") return found;
    return found === "elsewhere" || node.kind === "window" ? [] : this.before(node, node.clauses.length, path, seen);
  }

  ofInputs(inputs: readonly Input[], path: Path, seen: Set<string>): readonly Name[] {
    return inputs.flatMap(({ node, output }) => (output ? [] : this.end(node.text, path, seen)));
  }

  /** What the clause makes of the path: `before` leaves it as it was, `elsewhere` is not to be told. */
  #made(clause: Clause, path: Path): readonly Name[] | "before" | "elsewhere" {
    const values = clause.arguments.flatMap(({ value }) => (value.kind === "many" ? value.values : [value]));
    const [first, second] = values;
    switch (clause.keyword.text) {
      case "set": {
        if (first?.kind !== "path" || first.root.text !== "data") return "before";
        const steps = first.steps.map(({ text }) => text);
        if (!startsWith(path, steps)) return startsWith(steps, path) ? [] : "before";
        if (steps.length === path.length) return [first.steps.at(-1)!];
        return second ? keysAlong(second as Expression, path.slice(steps.length)) : "elsewhere";
      }
      case "map":
      case "emit":
        return first ? keysAlong(first as Expression, path) : "elsewhere";
      case "remove":
        return values.some(
          (one) =>
            one.kind === "path" &&
            startsWith(
              path,
              one.steps.map(({ text }) => text),
            ),
        )
          ? "elsewhere"
          : "before";
      case "expand":
      case "flatten":
      case "unflatten":
      case "container":
      case "process":
      case "code":
        return "elsewhere";
      default:
        return "before";
    }
  }
}

const startsWith = (path: Path, start: Path): boolean => start.every((word, i) => path[i] === word);

/** `set data.a.b` makes `data.a` too, where nothing before it does. */
function outerOf(clause: Clause, path: Path): Name | undefined {
  const value = clause.arguments[0]?.value;
  return value?.kind === "path" ? value.steps[path.length - 1] : undefined;
}

/** The key that the path leads to, in a record that is written out. */
function keysAlong(e: Expression, path: Path): readonly Name[] | "before" | "elsewhere" {
  if (e.kind === "parentheses") return keysAlong(e.of, path);
  if (e.kind === "conditional") {
    const both = [keysAlong(e.then, path), keysAlong(e.else, path)].flatMap((one) =>
      typeof one === "string" ? [] : one,
    );
    return both.length > 0 ? both : "elsewhere";
  }
  if (e.kind === "ident" && e.name === "data") return "before";
  if (e.kind !== "record") return "elsewhere";
  const entry = e.entries.findLast((one) => one.kind === "field" && one.key.text === path[0]);
  if (entry?.kind === "field") return path.length === 1 ? [entry.key] : keysAlong(entry.value, path.slice(1));
  return e.entries.some((one) => one.kind === "spread" && one.value.kind === "ident" && one.value.name === "data")
    ? "before"
    : "elsewhere";
}
