/**
 * A step that is one container: its processor has `image`, `command`, `args`, `env`, `timeout`, `grace`, `containerResources`,
 * `input` and `output`. Options that belong to one way of speaking stand in `input`, below its name.
 */
import type { OptionRow } from "../../catalog/rows.ts";
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

/** The options of a container. */
export const containerOptions: readonly OptionRow[] =
  clauseById("step.container")?.row.parts.find((part) => part.name === "options")?.options ?? [];

/** Stands in `input`, below the way of speaking that it belongs to. */
export const isOfTransport = (option: OptionRow): boolean => option.only?.option === "io";

/** Stands beside `image`. */
export const isBesideImage = (option: OptionRow): boolean => option.name !== "io" && !isOfTransport(option);

/** The field of an option of the container in its processor, whose `resources` are the worker's. */
export const containerField = (option: string): string =>
  option === "resources" ? "containerResources" : camel(option);

/** The one operator of the step, if that is a container. */
export function onlyContainer(node: IrNode): IrClause | undefined {
  const operators = node.clauses.filter((clause) => clauseById(clause.row)?.row.operator);
  return operators.length === 1 && operators[0]!.row === "step.container" ? operators[0] : undefined;
}

/** `output` is written where `io` was; `input` also where only options of it were. */
export function writeContainer(clause: IrClause, at: string, marks: Marks): CrObject {
  const values = new Map(clause.values);
  const image = values.get("image");
  const options = values.get("options");
  const written = options?.kind === "options" ? writeOptions(options, containerOptions, at, marks) : {};
  const origins = options?.kind === "options" ? options.origins : {};
  marks.set(`${at}/image`, image?.origin ?? clause.origin);
  const fields: Record<string, CrValue | undefined> = {
    image: image?.kind === "constant" ? String(image.value) : "",
  };
  for (const option of containerOptions.filter(isBesideImage)) {
    const value = written[camel(option.name)];
    const field = containerField(option.name);
    if (value === undefined) continue;
    fields[field] = value;
    if (field === camel(option.name)) continue;
    marks.delete(pointer(at, camel(option.name)));
    marks.set(pointer(at, field), origins[option.name] ?? clause.origin);
  }
  const { io } = written;
  const transport = transports.find((one) => one.io === (io ?? "http"))!;
  const given = containerOptions.filter((option) => isOfTransport(option) && written[camel(option.name)] !== undefined);
  for (const side of ["input", "output"] as const)
    marks.set(`${at}/${side}`, origins.io ?? (given[0] && origins[given[0].name]) ?? clause.origin);
  for (const { name } of given) {
    marks.delete(pointer(at, camel(name)));
    marks.set(`${at}/input/${transport.input}/${camel(name)}`, origins[name] ?? clause.origin);
  }
  if (io !== undefined || given.length > 0)
    fields.input = {
      [transport.input]: Object.fromEntries(given.map(({ name }) => [camel(name), written[camel(name)]])),
    };
  if (io !== undefined) fields.output = { [transport.output]: {} };
  marks.delete(`${at}/io`);
  return fields;
}
