import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { JoinRows } from "../operators/join-rows.ts";
import type { Cell, CellCode } from "../windows/cell.ts";
import type { WindowState } from "../windows/state.ts";
import { JoinPages } from "./join-pages.ts";
import { ValueReader } from "./value-reader.ts";
import { encodeValue } from "./value-writer.ts";

interface JoinCell extends Cell {
  rows: JoinRows;
}
const cellOf = (order: number): JoinCell => ({
  key: order,
  hash: order,
  window: { start: 0, end: 1 },
  order,
  timeMs: 0,
  isChanged: false,
  state: undefined,
  rows: new JoinRows(),
});

const nothing = () => {};
const code: CellCode = {
  create: (_key, _hash, _window, order) => cellOf(order),
  merge: nothing,
  reset: nothing,
  emit: nothing,
  retract: nothing,
  save: (cell, out) => out.value((cell as JoinCell).rows.head()),
  load: (cell, from) => {
    (cell as JoinCell).rows = JoinRows.load(from.value());
  },
};

/** The heads and the pages of a few cells, as a store would hold them. */
class Kept {
  cells = new Map<number, JoinCell>();
  freed: number[] = [];
  readonly stored = new Map<number, Uint8Array>();
  private heads = new Map<number, Uint8Array>();
  private pages = this.open();

  /** @returns numbers of the pages that it writes or drops */
  checkpoint(): number[] {
    const put: number[] = [];
    this.heads = new Map([...this.cells].map(([order, { rows }]) => [order, encodeValue(rows.head())]));
    this.pages.save((page, content) => {
      put.push(page);
      if (content === undefined) this.stored.delete(page);
      else this.stored.set(page, content);
    });
    this.pages.saved();
    this.freed = [];
    return put;
  }

  crash(): void {
    this.pages = this.open();
    const reading = this.pages.codeOf(code);
    this.cells = new Map(
      [...this.heads].map(([order, head]) => {
        const cell = cellOf(order);
        reading.load(cell, new ValueReader(head));
        return [order, cell];
      }),
    );
    this.freed = [];
    this.pages.restore([...this.stored].sort(([a], [b]) => a - b));
  }

  private open(): JoinPages {
    const state: Pick<WindowState, "changed" | "freed"> = {
      changed: () => [...this.cells.values()],
      freed: () => this.freed,
    };
    return new JoinPages(state);
  }
}

function given(rows: JoinRows, kind: "inner" | "left" | "outer", isEnd = true): unknown[] {
  const all: unknown[] = [];
  const pane = rows.pane(kind, isEnd);
  // In pieces of one.
  while (
    !pane.give(
      () => true,
      (first, second) => all.push([first, second]),
      () => true,
    )
  );
  return all;
}

type Step =
  | { readonly add: 0 | 1; readonly to: number; readonly n: number }
  | { readonly pane: number; readonly isEnd: boolean }
  | { readonly merge: true }
  | { readonly checkpoint: true };

describe("the pages of a join's rows", () => {
  it("are written when rows are new, and not again because others come", () => {
    const kept = new Kept();
    const cell = cellOf(3);
    kept.cells.set(3, cell);
    for (let i = 0; i < 1_000; i++) cell.rows.add(0, { data: i });
    expect(kept.checkpoint()).toHaveLength(8);
    expect(kept.checkpoint()).toEqual([]);
    for (let i = 0; i < 10; i++) cell.rows.add(1, { data: i });
    expect(kept.checkpoint()).toHaveLength(1);
    given(cell.rows, "inner");
    expect(kept.checkpoint()).toEqual([]);
  });
  it("go with their cell", () => {
    const kept = new Kept();
    kept.cells.set(3, cellOf(3));
    kept.cells.set(4, cellOf(4));
    for (const { rows } of kept.cells.values()) rows.add(0, { data: 1 });
    kept.checkpoint();
    kept.crash();
    kept.cells.delete(3);
    kept.freed.push(3);
    kept.checkpoint();
    expect(kept.stored.size).toBe(1);
  });
  it("give damaged state when one is missing", () => {
    const kept = new Kept();
    kept.cells.set(3, cellOf(3));
    for (let i = 0; i < 200; i++) kept.cells.get(3)!.rows.add(0, { data: i });
    kept.checkpoint();
    kept.stored.delete([...kept.stored.keys()][1]!);
    expect(() => kept.crash()).toThrow("rows of a join are missing");
  });
  it("bring back cells that give what they would have given", () => {
    const step: fc.Arbitrary<Step> = fc.oneof(
      {
        weight: 6,
        arbitrary: fc.record({ add: fc.constantFrom(0 as const, 1 as const), to: fc.nat(1), n: fc.nat(90) }),
      },
      { weight: 2, arbitrary: fc.record({ pane: fc.nat(1), isEnd: fc.boolean() }) },
      { weight: 1, arbitrary: fc.constant({ merge: true as const }) },
      { weight: 2, arbitrary: fc.constant({ checkpoint: true as const }) },
    );
    const kinds = fc.constantFrom("inner" as const, "left" as const, "outer" as const);
    const play = (steps: readonly Step[], kind: "inner" | "left" | "outer", crashes: boolean) => {
      const kept = new Kept();
      for (const order of [0, 1]) kept.cells.set(order, cellOf(order));
      let number = 0;
      const rows = (order: number) => kept.cells.get(order)!.rows;
      const all: unknown[] = [];
      for (const each of steps) {
        if ("add" in each) for (let i = 0; i < each.n; i++) rows(each.to).add(each.add, { data: number++ });
        else if ("pane" in each) all.push(given(rows(each.pane), kind, each.isEnd).length);
        else if ("merge" in each) rows(0).merge(rows(1));
        else if (crashes) {
          kept.checkpoint();
          kept.crash();
        }
      }
      return [all, given(rows(0), kind), given(rows(1), kind)];
    };
    fc.assert(
      fc.property(fc.array(step, { maxLength: 14 }), kinds, (steps, kind) => {
        expect(play(steps, kind, true)).toEqual(play(steps, kind, false));
      }),
      { numRuns: 60 },
    );
  });
});
