/** What the tasks of the stages upstream have told of their watermarks in one partition. Records of one task come in order; those of several in any. */
import type { ToldWatermark } from "./told-watermark.ts";

export interface TaskMark {
  /** The last told; +∞: it has ended. */
  readonly ms: number;
  readonly isIdle: boolean;
}

interface Task extends TaskMark {
  /** So many tasks it knew of. */
  readonly of: number;
  /** Counts what was told: the greater the later. */
  readonly at: number;
}

interface Stage {
  /** So many are waited for. */
  of: number;
  /** By number. */
  readonly tasks: Map<number, Task>;
}

export class ToldTasks {
  private readonly stageByName = new Map<string, Stage>();
  private heard = 0;

  hear({ from, of, ms, idle, end }: ToldWatermark): void {
    const slash = from.lastIndexOf("/");
    const number = Number(from.slice(slash + 1));
    // Somebody else's header.
    if (slash < 0 || !Number.isInteger(number) || number < 0 || number >= of) return;
    const stage = this.stageOf(from.slice(0, slash), of);
    const beforeMs = stage.tasks.get(number)?.ms ?? Number.NEGATIVE_INFINITY;
    // Who takes a task over may begin a little before where it was.
    const toldMs = end === true ? Number.POSITIVE_INFINITY : Math.max(beforeMs, ms ?? Number.NEGATIVE_INFINITY);
    stage.tasks.set(number, { ms: toldMs, isIdle: idle === true && end !== true, of, at: this.heard++ });
    this.count(stage, of);
  }

  /** Of all tasks; undefined before all were heard of. */
  marks(): readonly TaskMark[] | undefined {
    if (this.stageByName.size === 0) return undefined;
    const marks: TaskMark[] = [];
    for (const { of, tasks } of this.stageByName.values())
      for (let number = 0; number < of; number++) {
        const task = tasks.get(number);
        if (task === undefined) return undefined;
        marks.push(task);
      }
    return marks;
  }

  /** A plain value, for a checkpoint. */
  save(): unknown {
    return Array.from(this.stageByName, ([name, { of, tasks }]) => [
      name,
      of,
      Array.from(tasks, ([number, task]) => [number, task.ms, task.isIdle, task.of, task.at]),
    ]);
  }

  restore(saved: unknown): void {
    for (const [name, of, tasks] of listsOf(saved)) {
      const stage = this.stageOf(String(name), Number(of));
      for (const [number, ms, isIdle, knew, at] of listsOf(tasks)) {
        stage.tasks.set(Number(number), { ms: Number(ms), isIdle: isIdle === true, of: Number(knew), at: Number(at) });
        this.heard = Math.max(this.heard, Number(at) + 1);
      }
    }
  }

  private stageOf(name: string, of: number): Stage {
    const known = this.stageByName.get(name);
    if (known !== undefined) return known;
    const stage: Stage = { of, tasks: new Map() };
    this.stageByName.set(name, stage);
    return stage;
  }

  /**
   * A stage gets more tasks when its topic gets more partitions: they are waited for as soon as one knows of them. Fewer it has only when all that are left have said so
   * after the last word of the others: one alone may not have heard of the new ones yet.
   */
  private count(stage: Stage, of: number): void {
    if (of < stage.of) {
      let lastOfOthers = -1;
      for (const [number, { at }] of stage.tasks) if (number >= of) lastOfOthers = Math.max(lastOfOthers, at);
      for (let number = 0; number < of; number++) {
        const task = stage.tasks.get(number);
        if (task?.of !== of || task.at < lastOfOthers) return;
      }
    }
    stage.of = of;
  }
}

export function listsOf(value: unknown): readonly (readonly unknown[])[] {
  return Array.isArray(value) ? value.filter((each) => Array.isArray(each)) : [];
}
