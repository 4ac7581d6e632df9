/**
 * A step that is one container: its processor has `image`, `command`, `args`, `env`, `timeout`, `containerResources`, `input`
 * and `output`.
 */
import type { CrObject, CrValue } from "../../contract/pipeline.ts";
import type { IrClause, IrNode } from "../../ir/ir.ts";
import { clauseById } from "../../ir/rows-by-id.ts";
import { camel, pointer } from "./names.ts";
import { type Marks, writeOptions } from "./write-clause.ts";

/** How `io` reads as the processor's `input` and `output`. */
export const transports: readonly { readonly io: string; readonly input: string; readonly output: string }[] = [
  { io: "http", input: "http", output: "http" },
  { io: "stdio", input: "stdin", output: "stdout" },
  { io: "fifo", input: "fifo", output: "fifo" },
  { io: "file", input: "file", output: "file" },
  { io: "socket", input: "socket", output: "socket" },
];

/** The field of an option of the container in its processor, whose `resources` are the worker's. */
export const containerField = (option: string): string =>
  option === "resources" ? "containerResources" : camel(option);

/** The one operator of the step, if that is a container. */
export function onlyContainer(node: IrNode): IrClause | undefined {
  const operators = node.clauses.filter((clause) => clauseById(clause.row)?.row.operator);
  return operators.length === 1 && operators[0]!.row === "step.container" ? operators[0] : undefined;
}

/** `output` is written where `io` was; `input` also where only its `url` was. */
export function writeContainer(clause: IrClause, at: string, marks: Marks): CrObject {
  const values = new Map(clause.values);
  const image = values.get("image");
  const options = values.get("options");
  const rows = clauseById(clause.row)?.row.parts.find((part) => part.name === "options")?.options ?? [];
  const { io, url, resources, ...rest } = options?.kind === "options" ? writeOptions(options, rows, at, marks) : {};
  const transport = transports.find((one) => one.io === (io ?? "http"))!;
  const origins = options?.kind === "options" ? options.origins : {};
  marks.set(`${at}/image`, image?.origin ?? clause.origin);
  for (const side of ["input", "output"] as const)
    marks.set(`${at}/${side}`, origins.io ?? origins.url ?? clause.origin);
  if (origins.url) marks.set(`${at}/input/${transport.input}/url`, origins.url);
  const fields: Record<string, CrValue | undefined> = {
    image: image?.kind === "constant" ? String(image.value) : "",
    ...rest,
  };
  if (resources !== undefined) {
    fields[containerField("resources")] = resources;
    marks.delete(pointer(at, "resources"));
    marks.set(pointer(at, containerField("resources")), origins.resources ?? clause.origin);
  }
  if (io !== undefined || url !== undefined) fields.input = { [transport.input]: url === undefined ? {} : { url } };
  if (io !== undefined) fields.output = { [transport.output]: {} };
  return fields;
}
