/** Loaded before a worker (`--import`): at each SIGUSR2 its clock jumps, an hour on, then an hour back, then right again. Timers are as they were, as on a real machine. */
const shiftsMs = [3_600_000, -3_600_000, 0];
let at = -1;
const RealDate = Date;

class ShiftedDate extends RealDate {
  constructor(...values: []) {
    if (values.length === 0) super(ShiftedDate.now());
    else super(...values);
  }

  static override now(): number {
    return RealDate.now() + (shiftsMs[at] ?? 0);
  }
}
globalThis.Date = ShiftedDate as DateConstructor;

process.on("SIGUSR2", () => {
  at = (at + 1) % shiftsMs.length;
});

export {};
