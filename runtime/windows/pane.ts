/** The pane of a cell that gives no other. */
import type { PaneInfo } from "./cell.ts";

export const onlyPane = (timeMs: number): PaneInfo => ({
  index: 0,
  timing: "on_time",
  onTimeIndex: 0,
  isFirst: true,
  isLast: true,
  timeMs,
});
