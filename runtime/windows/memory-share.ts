/**
 * When cells leave memory. They are in two generations: those touched since the last turn, and the older ones. At a turn the older ones go, and the
 * others become the older ones. So nothing is noted when an event comes to a cell that was touched since the last turn.
 */
export class MemoryShare {
  private readonly young: number;
  private readonly most: number;

  /** @param cells that may be in memory; undefined: any number */
  constructor(cells: number | undefined) {
    this.young = cells === undefined ? Number.POSITIVE_INFINITY : Math.max(1, Math.floor(cells / 3));
    this.most = 2 * this.young;
  }

  /** The first turn makes two thirds of what may be there the older ones; each further one comes after a third. */
  isTurn(youngCells: number, openCells: number): boolean {
    return youngCells >= this.young && openCells >= this.most;
  }
}
