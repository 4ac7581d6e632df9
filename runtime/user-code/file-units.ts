/** The units under way as files: put, answered, told of, removed. Starts nothing itself: that is file.ts. */
import { join, resolve } from "node:path";
import { messageOf } from "../engine/runtime-error.ts";
import { mostAnswerBytes } from "./answer-limits.ts";
import { answerOf } from "./file-answers.ts";
import {
  type FileFolders,
  fileName,
  isThere,
  numberOfName,
  privateFolders,
  putFile,
  removeAny,
  removeBoth,
  sharedFolders,
  type TakenFile,
  takeFile,
} from "./file-folders.ts";
import { watchFolder } from "./file-watch.ts";
import { unitLines } from "./lines.ts";
import { directoryOf, numberOf, timeoutMsOf } from "./plan-options.ts";
import type { Supervisor } from "./supervisor.ts";
import { type LaneTransport, UnitLanes } from "./unit-lanes.ts";
import type { Outcome, Unit, UserCode, UserCodePlan, UserCodeServices } from "./user-code.ts";
import type { Watchdog } from "./watchdog.ts";

/** Of files that should not be there, so many are told of. */
const mostToldOf = 100;

/** A unit on its way: its file, and the folders it is in. A unit may be sent again while an earlier way of it is still being cleared. */
interface Way {
  readonly unit: Unit;
  readonly name: string;
  readonly folders: FileFolders;
  isOver: boolean;
  isBeingTaken: boolean;
}

export class FileUnits implements LaneTransport {
  /** Of the program, where it is ours. */
  supervisor: Supervisor | undefined;
  private readonly plan: UserCodePlan;
  private readonly services: UserCodeServices;
  private readonly width: number;
  private readonly lanes: UnitLanes;
  private readonly wayByUnit = new Map<Unit, Way>();
  private readonly wayByName = new Map<string, Way>();
  private readonly toldOf = new Set<string>();
  /** What is being written and removed. */
  private readonly works = new Set<Promise<void>>();
  private folders: FileFolders | undefined;
  private endWatch = () => {};
  private lastNumber = 0;

  constructor(plan: UserCodePlan, services: UserCodeServices) {
    this.plan = plan;
    this.services = services;
    this.width = Math.max(1, numberOf(plan, "concurrency", 8));
    this.lanes = new UnitLanes({ lanes: this.width, timeoutMs: timeoutMsOf(plan) }, this, services);
  }

  userCode(stop: () => Promise<void>, abort: () => Promise<void>): UserCode {
    return this.lanes.userCode(() => this.endWatch(), stop, abort);
  }

  /** @throws RuntimeError "user-code-unavailable" */
  async take(watchdog: Watchdog | undefined): Promise<FileFolders> {
    const path = sharedPath(this.plan);
    if (path === undefined) {
      this.folders = await privateFolders(watchdog!);
    } else {
      const shared = await sharedFolders(path);
      // What still answers to an earlier run must find no file of this one under its name.
      this.lastNumber = Math.max(this.lastNumber, shared.highestNumber);
      this.folders = shared;
    }
    return this.folders;
  }

  up(): void {
    const { outFolder } = this.folders!;
    this.endWatch = watchFolder(outFolder, this.services.clock, (name) => this.news(name));
    this.lanes.up();
  }

  /** The program is gone; what it has answered counts. */
  async drained(): Promise<void> {
    this.endWatch();
    this.lanes.pause();
    await this.rest();
    for (const way of this.wayByUnit.values()) this.look(way);
    await this.rest();
  }

  down(reason: string, isItsStart: boolean): void {
    this.endWatch();
    this.lanes.down(reason, isItsStart);
  }

  async release(): Promise<void> {
    this.endWatch();
    await this.rest();
    await this.folders?.release();
    this.folders = undefined;
  }

  begin(unit: Unit): void {
    const name = fileName(++this.lastNumber, unit.chunk !== undefined);
    const way: Way = { unit, name, folders: this.folders!, isOver: false, isBeingTaken: true };
    this.wayByUnit.set(unit, way);
    this.wayByName.set(name, way);
    this.supervisor?.sent(unit.id);
    this.work(this.put(way));
  }

  forget(unit: Unit): void {
    const way = this.wayByUnit.get(unit);
    if (way === undefined) return;
    this.over(way);
    this.work(removeBoth(way.folders, way.name));
  }

  hung(_: Unit, reason: string): void {
    this.end(reason);
  }

  private async put(way: Way): Promise<void> {
    try {
      const answer = join(way.folders.outFolder, way.name);
      if (await isThere(answer)) {
        this.tellOf(way.name, "there was an answer before the question: removed");
        await removeAny(answer);
      }
      await putFile(way.folders, way.name, unitLines(way.unit), () => way.isOver);
      way.isBeingTaken = false;
      // Given up while it was renamed.
      if (way.isOver) await removeBoth(way.folders, way.name);
      // It may have been answered before we knew that it was there.
      else this.look(way);
    } catch (error) {
      const reason = `could not be written for the program: ${messageOf(error)}`;
      this.settle(way, { kind: "failed", reason });
    }
  }

  private news(name: string | undefined): void {
    if (name === undefined) {
      for (const way of this.wayByUnit.values()) this.look(way);
      return;
    }
    if (name.startsWith(".")) return;
    const way = this.wayByName.get(name);
    if (way === undefined) this.work(this.meetUnknown(name));
    else this.look(way);
  }

  private look(way: Way): void {
    if (way.isBeingTaken || way.isOver) return;
    way.isBeingTaken = true;
    this.work(this.takeAnswer(way));
  }

  private async takeAnswer(way: Way): Promise<void> {
    const taken = await takeFile(join(way.folders.outFolder, way.name), mostAnswerBytes);
    if (taken.kind === "absent" || way.isOver) {
      way.isBeingTaken = false;
      return;
    }
    const { outcome, isTooMuch, goesOn } = answerIn(way.unit, taken);
    if (goesOn) this.tellOf(way.name, "an answer goes on behind its end: the rest is left out");
    await removeBoth(way.folders, way.name);
    if (way.isOver) return;
    this.over(way);
    if (!isTooMuch) this.supervisor?.done();
    this.lanes.settle(way.unit, outcome);
    if (isTooMuch) this.end("answered too much");
  }

  /** The name tells which unit is meant, so a second answer harms nothing: the program may have found its file again before we removed it. */
  private async meetUnknown(name: string): Promise<void> {
    const { outFolder } = this.folders ?? {};
    if (outFolder === undefined || !(await isThere(join(outFolder, name))) || this.wayByName.has(name)) return;
    const number = numberOfName(name);
    if (number === undefined || number > this.lastNumber) {
      this.tellOf(name, "a file that nobody asked for: left alone");
      return;
    }
    this.tellOf(name, "answered twice, or too late: removed");
    await removeAny(join(outFolder, name));
  }

  private tellOf(file: string, message: string): void {
    const what = `${file} ${message}`;
    if (this.toldOf.has(what) || this.toldOf.size >= mostToldOf) return;
    this.toldOf.add(what);
    this.services.log.warn({ node: this.plan.node, file }, message);
  }

  private settle(way: Way, outcome: Outcome): void {
    if (way.isOver) return;
    this.over(way);
    this.work(removeBoth(way.folders, way.name));
    this.lanes.settle(way.unit, outcome);
  }

  private over(way: Way): void {
    way.isOver = true;
    this.wayByName.delete(way.name);
    if (this.wayByUnit.get(way.unit) === way) this.wayByUnit.delete(way.unit);
  }

  private end(reason: string): void {
    if (this.supervisor === undefined) return;
    this.lanes.interrupt();
    this.supervisor.restart(reason);
  }

  /** None of them rejects. */
  private work(work: Promise<void>): void {
    this.works.add(work);
    void work.finally(() => this.works.delete(work));
  }

  /** Resolves when nothing is being read, written or removed. */
  private async rest(): Promise<void> {
    while (this.works.size > 0) await Promise.all(this.works);
  }
}

function answerIn(unit: Unit, taken: Exclude<TakenFile, { readonly kind: "absent" }>): ReturnType<typeof answerOf> {
  switch (taken.kind) {
    case "whole":
      return answerOf(unit, taken.bytes);
    case "too-much":
      return { outcome: { kind: "failed", reason: "the program answered too much" }, isTooMuch: true, goesOn: false };
    case "unreadable": {
      const reason = `the program answered what is no event: ${taken.what}`;
      return { outcome: { kind: "failed", reason }, isTooMuch: false, goesOn: false };
    }
  }
}

export function sharedPath(plan: UserCodePlan): string | undefined {
  const { folder } = plan.options;
  return typeof folder === "string" && folder !== "" ? resolve(directoryOf(plan), folder) : undefined;
}
