/**
 * The events of one cell of a join: which there are, and which pairs have been given. For a checkpoint they are in pages of their own, by the order in
 * which they came, so that it writes only those that are new and those of which something changed.
 */
import type { WindowPlan } from "../../compiler/contract/runtime-config.ts";
import type { PagedRows } from "../state/paged-rows.ts";
import { DamagedValue, type ValueReader } from "../state/value-reader.ts";
import type { ValueWriter } from "../state/value-writer.ts";

/** Of both inputs together, in one cell. */
export const maxRows = 1_000_000;
/** Fewer make more pages to write, more make more rows to write again when one is added. */
const pageRows = 128;

interface Row {
  /** What its input's name stands for: `{ data, event? }`. */
  readonly event: object;
  readonly side: 0 | 1;
  /** Among the rows of both sides. */
  readonly order: number;
  /** Rows with the same number were in one pane together: their pairs have been given. 0: in none yet. */
  given: number;
  /** Not kept for inner joins. */
  hasPartner: boolean;
  /** It was given without a partner. */
  wasAlone: boolean;
}

/** So many rows, after those of the groups before, have the same `given`. What comes after the last group has 0. */
type Group = readonly [rows: number, given: number];
type Kind = NonNullable<WindowPlan["join"]>["kind"];
/** An event without a partner stands alone. */
type Pair = (first: object | undefined, second: object | undefined) => void;
type Test = (first: object, second: object) => boolean;

export class JoinRows implements PagedRows {
  private readonly rows: Row[] = [];
  private readonly sides: readonly [Row[], Row[]] = [[], []];
  private panes = 0;
  private groups: readonly Group[] = [];
  /** Rows in pages that are in the last checkpoint, but for `changedPages`. */
  private written = 0;
  private readonly changedPages = new Set<number>();
  /** How many rows there are to be, and the `given` of each. */
  private toRead: { readonly size: number; readonly givens: Iterator<number> } | undefined;

  get size(): number {
    return this.rows.length;
  }

  add(side: 0 | 1, event: object): void {
    this.push({ event, side, order: this.rows.length, given: 0, hasPartner: false, wasAlone: false });
  }

  /** Rows of another cell, which stays as it is, behind its own. Panes of the two have nothing to do with each other. */
  merge(other: JoinRows): void {
    const { panes, rows } = this;
    const before = rows.length;
    const grouped = this.groups.reduce((sum, [count]) => sum + count, 0);
    const theirs = other.groups.map(([count, given]): Group => [count, given === 0 ? 0 : given + panes]);
    this.groups = [...this.groups, [before - grouped, 0], ...theirs];
    for (const row of other.rows)
      this.push({ ...row, order: row.order + before, given: row.given === 0 ? 0 : row.given + panes });
    this.panes += other.panes;
  }

  /** The pairs that were not given yet and, when `isEnd`, what the kind of join wants of events without a partner. No row comes until all are given. */
  pane(kind: Kind, isEnd: boolean): JoinPane {
    const marks = (change: "hasPartner" | "wasAlone") => (row: Row) => {
      if (row[change]) return;
      row[change] = true;
      this.changedPages.add(Math.floor(row.order / pageRows));
    };
    return new JoinPane(this.sides, kind, isEnd, {
      paired: kind === "inner" ? () => {} : marks("hasPartner"),
      alone: marks("wasAlone"),
      done: () => {
        this.panes++;
        for (const row of this.rows) row.given = this.panes;
        this.groups = [[this.rows.length, this.panes]];
      },
    });
  }

  /** What of the cell is not in its rows. */
  head(): readonly unknown[] {
    return [this.rows.length, this.panes, this.groups];
  }

  /** Gives the pages that changed since `saved`. */
  *unsaved(writer: ValueWriter): Iterable<readonly [page: number, content: Uint8Array]> {
    const firstNew = Math.floor(this.written / pageRows);
    for (const page of this.changedPages) if (page < firstNew) yield [page, this.content(page, writer)];
    if (this.written === this.rows.length && !this.changedPages.has(firstNew)) return;
    for (let page = firstNew; page < this.pages; page++) yield [page, this.content(page, writer)];
  }

  saved(): void {
    this.written = this.rows.length;
    this.changedPages.clear();
  }

  get pages(): number {
    return Math.ceil(this.rows.length / pageRows);
  }

  /** Its rows come next: `read` for each page, then `check`. @throws DamagedValue */
  static load(head: unknown): JoinRows {
    const [size, panes, groups] = Array.isArray(head) ? head : [];
    if (typeof size !== "number" || typeof panes !== "number" || !Array.isArray(groups))
      throw new DamagedValue("a join without its head");
    const made = new JoinRows();
    made.panes = panes;
    made.groups = groups as Group[];
    made.toRead = { size, givens: givenOf(made.groups) };
    return made;
  }

  /** Pages ascending. @throws DamagedValue */
  read(page: ValueReader): void {
    while (!page.isAtEnd) {
      const marks = page.count();
      const event = page.value();
      if (typeof event !== "object" || event === null) throw new DamagedValue("a row without an event");
      this.push({
        event,
        side: marks % 2 === 0 ? 0 : 1,
        order: this.rows.length,
        given: Number(this.toRead?.givens.next().value),
        hasPartner: (marks & 2) > 0,
        wasAlone: (marks & 4) > 0,
      });
    }
  }

  /** @throws DamagedValue when rows are missing */
  check(): void {
    if (this.rows.length !== this.toRead?.size) throw new DamagedValue("rows of a join are missing");
    this.toRead = undefined;
    this.saved();
  }

  private push(row: Row): void {
    this.rows.push(row);
    this.sides[row.side].push(row);
  }

  private content(page: number, writer: ValueWriter): Uint8Array {
    for (const row of this.rows.slice(page * pageRows, (page + 1) * pageRows)) {
      writer.count(row.side + (row.hasPartner ? 2 : 0) + (row.wasAlone ? 4 : 0));
      writer.value(row.event);
    }
    return writer.take();
  }
}

function* givenOf(groups: readonly Group[]): Generator<number, number> {
  for (const [rows, given] of groups) for (let i = 0; i < rows; i++) yield given;
  for (;;) yield 0;
}

interface Marks {
  paired(row: Row): void;
  alone(row: Row): void;
  done(): void;
}

/** One pane, which may be given in several pieces. */
export class JoinPane {
  /** Results that were tried so far. */
  pairs = 0;
  private readonly first: readonly Row[];
  private readonly second: readonly Row[];
  private readonly kind: Kind;
  private readonly isEnd: boolean;
  private readonly marks: Marks;
  private at = 0;
  /** The next partner of `first[at]`. */
  private partner = 0;
  /** The next of `second` to be given alone. */
  private lone = 0;

  constructor(sides: readonly [readonly Row[], readonly Row[]], kind: Kind, isEnd: boolean, marks: Marks) {
    [this.first, this.second] = sides;
    this.kind = kind;
    this.isEnd = isEnd;
    this.marks = marks;
  }

  /** Goes on until `isPaused` says so after a pair. True when all have been given. */
  give(test: Test, pair: Pair, isPaused: () => boolean): boolean {
    const { first, second, marks } = this;
    for (; this.at < first.length; this.at++, this.partner = 0) {
      const one = first[this.at]!;
      while (this.partner < second.length) {
        const other = second[this.partner++]!;
        if ((one.given === other.given && one.given !== 0) || !test(one.event, other.event)) continue;
        marks.paired(one);
        marks.paired(other);
        pair(one.event, other.event);
        if (isPaused()) return false;
      }
      if (this.isEnd && this.kind !== "inner" && isAlone(one)) {
        marks.alone(one);
        pair(one.event, undefined);
        if (isPaused()) return false;
      }
    }
    const lone = this.isEnd && this.kind === "outer" ? second.length : 0;
    while (this.lone < lone) {
      const other = second[this.lone++]!;
      if (!isAlone(other)) continue;
      marks.alone(other);
      pair(undefined, other.event);
      if (isPaused()) return false;
    }
    marks.done();
    return true;
  }
}

const isAlone = ({ hasPartner, wasAlone }: Row): boolean => !hasPartner && !wasAlone;
