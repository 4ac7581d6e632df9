/** The shapes that a stage has met. Reads a record of a known shape field by field, and leaves every other one to JSON.parse. */
import { type JsonShape, learnShape, maxShapeLength, type ShapeUse } from "./json-shape.ts";

/** Tried one after the other, so that few are of use. */
const maxShapes = 8;
/** Records that were looked at in vain before shapes are given up: they differ too much, or cannot be read so. */
const maxVain = 64;
/** Of so many records, more than half must have had a known shape. */
const trialRecords = 4096;

export class JsonShapes {
  private readonly use: ShapeUse;
  /** What was met last comes first. */
  private readonly shapes: JsonShape[] = [];
  private shape: JsonShape | undefined;
  private match: RegExpExecArray | undefined;
  private vain = 0;
  private records = 0;
  private misses = 0;
  /** Records are no longer read so: most of them have no shape that is known. */
  isOff = false;

  constructor(use: ShapeUse) {
    this.use = use;
  }

  /** The fields that the stage uses; undefined when the record has to be decoded. */
  read(text: string): unknown {
    this.shape = undefined;
    if (this.isOff || text.length > maxShapeLength) return undefined;
    if (++this.records === trialRecords) this.judge();
    const { shapes } = this;
    for (let index = 0; index < shapes.length; index++) {
      const shape = shapes[index]!;
      const match = shape.match(text);
      if (match === null) continue;
      this.shape = shape;
      this.match = match;
      if (index > 0) {
        shapes[index] = shapes[index - 1]!;
        shapes[index - 1] = shape;
      }
      return shape.read(match);
    }
    this.misses++;
    return undefined;
  }

  /** Looks at a record that `read` did not know and that was found right. */
  learn(text: string): void {
    if (this.isOff || this.shapes.length >= maxShapes || this.vain > maxVain) return;
    const shape = learnShape(text, this.use);
    if (shape !== undefined) this.shapes.push(shape);
    else if (++this.vain > maxVain && this.shapes.length === 0) this.isOff = true;
  }

  /** Whether the record was read by its shape. */
  get isKnown(): boolean {
    return this.shape !== undefined;
  }

  /** Its text, with what was set in `data`. */
  write(data: unknown): string {
    return this.shape!.write(this.match!, data);
  }

  private judge(): void {
    if (this.misses > trialRecords / 2) this.isOff = true;
    this.records = 0;
    this.misses = 0;
  }
}
