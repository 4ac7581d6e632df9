/**
 * What the last check of a file found, node by node. A node whose tree is the one of then, whose inputs give what they gave, and
 * which looks at no type, function, param or table that is not as it was, has the result of then. Trees are told apart by identity:
 * a parser that keeps them is what makes this worth while.
 */
import type { TypeTable, ValueType } from "../../contract/value-type.ts";
import type { FnDeclaration, NodeDeclaration, TestDeclaration } from "../../syntax/ast.ts";
import type { Inlining } from "../inline.ts";
import type { CheckedExpression, ModelNode, ModelStatement, ModelTest } from "../model.ts";
import type { NodeEntry } from "../node-entry.ts";
import { outputType } from "../nodes/node-scope.ts";
import type { CheckMemory, Declared } from "../program.ts";
import { noVariables, type Variables } from "../scopes.ts";
import { sameType, sameVariables } from "./same-type.ts";
import { changedNames, mentions, type Surroundings, surroundingsOf } from "./surroundings.ts";
import { type Place, replay, type Trace, traced } from "./trace.ts";

export interface CheckCounts {
  /** Nodes and tests that were checked, and those whose result was known. */
  readonly checked: number;
  readonly known: number;
}

/** Kept from check to check of one file. */
export class CheckMemo {
  #last: Found = nothing;
  readonly #wholes: Wholes = {};
  #counts: CheckCounts = { checked: 0, known: 0 };

  /** Of the last check. */
  get counts(): CheckCounts {
    return this.#counts;
  }

  /** One check. What it finds is remembered when it ends. */
  recall(): Recall {
    return new Recall(this.#last, this.#wholes, (found, counts) => {
      this.#last = found;
      this.#counts = counts;
    });
  }

  /** A check of a text that is only tried out: it uses what is known and leaves nothing. */
  glance(): Recall {
    return new Recall(this.#last, { ...this.#wholes }, () => {});
  }
}

interface Found {
  readonly surroundings: Surroundings | undefined;
  readonly inlining: Inlining | undefined;
  readonly nodes: Map<NodeDeclaration, NodeFound>;
  readonly tests: Map<TestDeclaration, TestFound>;
}

interface InputGives {
  readonly type: ValueType;
  readonly downstream: Variables;
}

type Result = Pick<
  NodeEntry,
  "declaredType" | "inputType" | "outputType" | "connector" | "format" | "clauses" | "downstream"
>;

interface NodeFound {
  readonly inputs: readonly (InputGives | undefined)[];
  readonly result: Result;
  readonly wheres: readonly (CheckedExpression | undefined)[];
  readonly trace: Trace;
}

interface TestFound {
  /** What each name stood for. */
  readonly nodes: ReadonlyMap<string, object>;
  readonly test: ModelTest;
  readonly trace: Trace;
}

/** Types or functions: all of them together. */
interface Whole<T> {
  readonly of: readonly unknown[];
  readonly reads: ReadonlyMap<string, string | undefined>;
  readonly value: T;
  readonly trace: Trace;
}

const nothing: Found = { surroundings: undefined, inlining: undefined, nodes: new Map(), tests: new Map() };

const noNames: ReadonlySet<string> = new Set();

type NodeByName = ReadonlyMap<string, NodeEntry>;

interface Wholes {
  types?: Whole<TypeTable>;
  functions?: Whole<ReadonlyMap<string, FnDeclaration>>;
}

export class Recall implements CheckMemory {
  readonly #wholes: Wholes;
  readonly #end: (found: Found, counts: CheckCounts) => void;
  #last: Found;
  #found: Found = nothing;
  /** Types, functions, params and tables that are not what they were. */
  #changed: ReadonlySet<string> = noNames;
  #checked = 0;
  #known = 0;

  constructor(last: Found, wholes: Wholes, end: (found: Found, counts: CheckCounts) => void) {
    this.#last = last;
    this.#wholes = wholes;
    this.#end = end;
  }

  /** The same object as long as nothing changes that types are made of. */
  types(place: Place, make: (reads: Map<string, string | undefined>) => TypeTable): TypeTable {
    const of = [...place.names.types.values()].flatMap(({ declaration, at }) => [declaration, at.file]);
    return this.#whole("types", of, place, make);
  }

  functions(
    declared: Omit<Declared, "functions" | "inlining">,
    make: () => ReadonlyMap<string, FnDeclaration>,
  ): ReadonlyMap<string, FnDeclaration> {
    const { names, types, params } = declared;
    const values = [...names.values.values()].filter(({ kind }) => kind === "fn" || kind === "param");
    const later = [...params.values()].map(({ comesLater }) => comesLater);
    const of = [types, ...values.flatMap(({ declaration, at }) => [declaration, at.file]), ...later];
    return this.#whole("functions", of, declared, make);
  }

  #whole<K extends keyof Wholes, T extends NonNullable<Wholes[K]>["value"]>(
    key: K,
    of: readonly unknown[],
    place: Place,
    make: (reads: Map<string, string | undefined>) => T,
  ): T {
    const { dependencies, host } = place.program;
    const known = this.#wholes[key] as Whole<T> | undefined;
    const isKnown =
      known && sameItems(known.of, of) && [...known.reads].every(([path, text]) => host.readFile(path) === text);
    if (isKnown) {
      for (const path of known.reads.keys()) dependencies.add(path);
      replay(known.trace, place);
      return known.value;
    }
    const reads = new Map<string, string | undefined>();
    let value: T | undefined;
    const trace = traced(place, undefined, () => {
      value = make(reads);
    });
    const whole = trace && { of, reads, value: value!, trace };
    Object.assign(this.#wholes, { [key]: whole });
    return value!;
  }

  /** To be called when all is declared and the tables are checked, before anything else is asked. */
  surround(declared: Declared): void {
    const surroundings = surroundingsOf(declared);
    const last = this.#last;
    const changed = changedNames(last.surroundings, surroundings);
    if (changed === undefined) this.#last = nothing;
    this.#changed = changed ?? noNames;
    if (changed?.size === 0 && last.inlining) declared.inlining = last.inlining;
    this.#found = { surroundings, inlining: declared.inlining, nodes: new Map(), tests: new Map() };
  }

  end(): void {
    this.#end(this.#found, { checked: this.#checked, known: this.#known });
  }

  /** Gives the node what is known of it, or has it checked. */
  node(node: NodeEntry, declared: Declared, check: () => void): void {
    const { declaration } = node;
    const inputs = node.inputs.map((input): InputGives | undefined =>
      input.node === undefined
        ? undefined
        : {
            type: outputType(input.node, input.output),
            downstream: input.output === "main" ? input.node.downstream : noVariables,
          },
    );
    const known = this.#last.nodes.get(declaration);
    if (known && sameInputs(known.inputs, inputs) && !mentions([declaration, inputs], this.#changed)) {
      this.#known++;
      Object.assign(node, known.result, { content: known });
      for (const [i, where] of known.wheres.entries()) if (where) node.inputs[i]!.where = where;
      replay(known.trace, declared, declaration.span);
      this.#found.nodes.set(declaration, known);
      return;
    }
    this.#checked++;
    const trace = traced(declared, declaration.span, check);
    if (trace === undefined) return;
    const { declaredType, inputType, outputType: gives, connector, format, clauses, downstream } = node;
    const result = { declaredType, inputType, outputType: gives, connector, format, clauses, downstream };
    const found = { inputs, result, wheres: node.inputs.map(({ where }) => where), trace };
    node.content = found;
    this.#found.nodes.set(declaration, found);
  }

  /** @param check is handed a map to write down in what each name stood for. */
  test(
    declaration: TestDeclaration,
    declared: Declared,
    nodes: NodeByName,
    check: (asked: Map<string, NodeEntry | undefined>) => ModelTest,
  ): ModelTest {
    const known = this.#last.tests.get(declaration);
    const isSame = ([name, content]: readonly [string, object]): boolean => nodes.get(name)?.content === content;
    if (known && [...known.nodes].every(isSame) && !mentions(declaration, this.#changed)) {
      this.#known++;
      replay(known.trace, declared, declaration.span);
      const test = renewed(known.test, nodes);
      this.#found.tests.set(declaration, { ...known, test });
      return test;
    }
    this.#checked++;
    const asked = new Map<string, NodeEntry | undefined>();
    let test: ModelTest | undefined;
    const trace = traced(declared, declaration.span, () => {
      test = check(asked);
    });
    const contents = new Map([...asked].flatMap(([name, node]) => (node?.content ? [[name, node.content]] : [])));
    if (trace && contents.size === asked.size)
      this.#found.tests.set(declaration, { nodes: contents, test: test!, trace });
    return test!;
  }
}

/** The test with the nodes of another check. */
function renewed({ declaration, statements }: ModelTest, nodes: NodeByName): ModelTest {
  const now = <T extends ModelNode | undefined>(node: T): T => (node && nodes.get(node.name)) as T;
  const renew = (statement: ModelStatement): ModelStatement => {
    switch (statement.kind) {
      case "event":
      case "watermark":
      case "end":
        return { ...statement, source: now(statement.source) } as ModelStatement;
      case "table":
        return { ...statement, table: now(statement.table) };
      case "expect":
        return { ...statement, node: now(statement.node) };
      default:
        return statement;
    }
  };
  return { declaration, statements: statements.map(renew) };
}

const sameItems = (a: readonly unknown[], b: readonly unknown[]): boolean =>
  a.length === b.length && a.every((item, i) => item === b[i]);

const sameInputs = (a: readonly (InputGives | undefined)[], b: readonly (InputGives | undefined)[]): boolean =>
  a.length === b.length &&
  a.every((one, i) => {
    const other = b[i];
    if (one === undefined || other === undefined) return one === other;
    return sameType(one.type, other.type) && sameVariables(one.downstream, other.downstream);
  });
