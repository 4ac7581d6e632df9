/** What the page keeps over a reload: the file it shows (the extension reads that too), and how it was looked at. */
import { isRecord } from "../graph-data.ts";
import type { Direction } from "../layout-input.ts";
import { type Kept, keptOf } from "../messages.ts";
import type { View } from "../viewport.ts";

export interface State extends Kept {
  readonly view: View;
  readonly isPlacedByHand: boolean;
  readonly direction?: Direction;
}

export function stateOf(value: unknown): State | undefined {
  const kept = keptOf(value);
  if (!kept || !isRecord(value) || !isRecord(value.view)) return undefined;
  const { x, y, zoom } = value.view;
  if (!isNumber(x) || !isNumber(y) || !isNumber(zoom) || zoom <= 0) return undefined;
  return {
    ...kept,
    view: { x, y, zoom },
    isPlacedByHand: value.isPlacedByHand === true,
    ...(value.direction === "right" || value.direction === "down" ? { direction: value.direction } : {}),
  };
}

const isNumber = (value: unknown): value is number => typeof value === "number" && Number.isFinite(value);
