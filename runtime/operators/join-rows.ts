/** The events of one cell of a join: which there are, and which pairs have been given. */
import type { WindowPlan } from "../../compiler/contract/runtime-config.ts";

/** Of both inputs together, in one cell. */
export const maxRows = 1_000_000;

export interface Row {
  /** What its input's name stands for: `{ data, event? }`. */
  readonly event: object;
  readonly order: number;
  /** Rows with the same number were in one pane together: their pairs have been given. 0: in none yet. */
  given: number;
  hasPartner: boolean;
  /** It was given without a partner. */
  wasAlone: boolean;
}

type Kind = NonNullable<WindowPlan["join"]>["kind"];
/** What one row of a checkpoint holds: a plain list, as JSON has it. */
type SavedRow = readonly [event: object, order: number, given: number, hasPartner: boolean, wasAlone: boolean];

export class JoinRows {
  private first: Row[] = [];
  private second: Row[] = [];
  private nextOrder = 0;
  private panes = 0;

  get size(): number {
    return this.first.length + this.second.length;
  }

  add(side: 0 | 1, event: object): void {
    const row = { event, order: this.nextOrder++, given: 0, hasPartner: false, wasAlone: false };
    (side === 0 ? this.first : this.second).push(row);
  }

  /** Rows of another cell, which stays as it is, behind its own. Panes of the two have nothing to do with each other. */
  merge(other: JoinRows): void {
    const copy = (row: Row): Row => ({
      ...row,
      order: row.order + this.nextOrder,
      given: row.given === 0 ? 0 : row.given + this.panes,
    });
    this.first = [...this.first, ...other.first.map(copy)];
    this.second = [...this.second, ...other.second.map(copy)];
    this.nextOrder += other.nextOrder;
    this.panes += other.panes;
  }

  /** Gives the pairs that were not given yet and, when `isEnd`, what the kind of join wants of events without a partner. */
  give(
    kind: Kind,
    isEnd: boolean,
    test: (first: object, second: object) => boolean,
    pair: (first: object | undefined, second: object | undefined) => void,
  ): void {
    for (const one of this.first) {
      for (const other of this.second) {
        if ((one.given === other.given && one.given !== 0) || !test(one.event, other.event)) continue;
        one.hasPartner = true;
        other.hasPartner = true;
        pair(one.event, other.event);
      }
      if (isEnd && kind !== "inner") giveAlone(one, () => pair(one.event, undefined));
    }
    if (isEnd && kind === "outer")
      for (const other of this.second) giveAlone(other, () => pair(undefined, other.event));
    this.panes++;
    for (const row of this.first) row.given = this.panes;
    for (const row of this.second) row.given = this.panes;
  }

  save(): readonly unknown[] {
    const rows = (of: readonly Row[]) =>
      of.map(({ event, order, given, hasPartner, wasAlone }): SavedRow => [event, order, given, hasPartner, wasAlone]);
    return [this.nextOrder, this.panes, rows(this.first), rows(this.second)];
  }

  /** @param saved what `save` gave */
  static load(saved: unknown): JoinRows {
    const [nextOrder, panes, first, second] = saved as readonly [
      number,
      number,
      readonly SavedRow[],
      readonly SavedRow[],
    ];
    const rows = (of: readonly SavedRow[]) =>
      of.map(([event, order, given, hasPartner, wasAlone]): Row => ({ event, order, given, hasPartner, wasAlone }));
    const made = new JoinRows();
    made.nextOrder = nextOrder;
    made.panes = panes;
    made.first = rows(first);
    made.second = rows(second);
    return made;
  }
}

function giveAlone(row: Row, give: () => void): void {
  if (row.hasPartner || row.wasAlone) return;
  row.wasAlone = true;
  give();
}
