/** Whether what comes to a sink comes in chunks: through steps alone, from chunks that do not make one event of each. */
import type { RuntimeConfig } from "../../compiler/contract/runtime-config.ts";
import { RuntimeError } from "./runtime-error.ts";

interface SinkNames {
  readonly name: string;
}

/** For a sink that writes chunks and nothing else. @throws RuntimeError "bad-config" */
export function checkChunks({ name }: SinkNames, config: RuntimeConfig): void {
  const single = outsideOfChunks(name, config);
  if (single === undefined) return;
  throw new RuntimeError(
    "bad-config",
    `'${name}' writes a file for each chunk, but '${single}' gives single events. Put a chunk before it, or leave '{chunk}' and '{key}' out of its path.`,
  );
}

/** An input from which events come that are in no chunk; undefined when there is none. */
export function outsideOfChunks(name: string, config: RuntimeConfig): string | undefined {
  const node = config.nodes.find((each) => each.name === name);
  if (node === undefined) return name;
  if (node.kind === "source") return name;
  for (const { node: from, output } of node.from) {
    if (output !== "main") return `${from}.${output}`;
    const kind = config.nodes.find((each) => each.name === from);
    if (kind?.kind === "chunk" && kind.emit === undefined) continue;
    const single = kind?.kind === "step" ? outsideOfChunks(from, config) : from;
    if (single !== undefined) return single;
  }
  return undefined;
}
