/** What a closed chunk is to expressions, to sinks and user code, and to whoever asks where an event comes from. */
import type { Chunk } from "../engine/chunk.ts";
import type { Current, WindowResult } from "../engine/current.ts";
import { EvaluationError } from "../expr/evaluation-error.ts";
import type { ChunkCell } from "../windows/chunk-operator.ts";
import type { ChunkRows } from "./chunk-rows.ts";

type ToJson = (data: unknown) => string;

export function closedChunk(
  operator: { named(id: string): string },
  node: string,
  cell: ChunkCell & { readonly rows: ChunkRows },
  hasKey: boolean,
  toJson: ToJson,
): Chunk {
  const { key, rows } = cell;
  return {
    id: operator.named(`${node}/${hasKey ? toJson(key ?? null) : ""}/${rows.firstId}`),
    key: hasKey ? key : undefined,
    window: rows.pane?.window,
    count: rows.count,
  };
}

/** The variable `chunk`. */
export function chunkValue({ id, count }: Chunk): { readonly id: string; readonly count: number } {
  return { id, count };
}

/** The same, of the present event. */
export function presentChunk({ chunk }: Current): { readonly id: string; readonly count: number } {
  if (chunk === undefined) throw new EvaluationError("no-such-key", "the event is in no chunk");
  return chunkValue(chunk);
}

/** What a chunk gives instead of its events. */
export class ChunkResult implements WindowResult {
  readonly pane = undefined;
  private readonly chunk: Chunk;
  private readonly toJson: ToJson;

  constructor(chunk: Chunk, toJson: ToJson) {
    this.chunk = chunk;
    this.toJson = toJson;
  }

  position(): string {
    return this.chunk.id;
  }

  text(): string {
    return this.toJson(this.chunk.key ?? null);
  }
}
