/** Checks the paths that `set` and `remove` write to: a misspelt one would do nothing, and nobody would notice. */
import type { ValueType } from "../contract/value-type.ts";
import { didYouMean, nearest } from "../source/nearest.ts";
import type { Name } from "../syntax/ast.ts";
import type { Declared } from "./program.ts";
import { fieldOf, isOpen, nameOfType, resolveType } from "./types.ts";

export function checkPath(steps: readonly Name[], data: ValueType, mustExist: boolean, declared: Declared): void {
  let at = data;
  let walked = "data";
  for (const step of steps) {
    const type = resolveType(at, declared.types);
    if (step.text === "" || isOpen(type) || type.kind === "map" || type.kind === "union") return;
    if (type.kind !== "record") {
      declared.program.main.report("FLOW3021", step.span, { field: step.text, type: nameOfType(type), hint: "" });
      return;
    }
    const field = fieldOf(type, step.text);
    if (!field) {
      if (mustExist)
        reportMissing(
          step,
          walked,
          at,
          type.fields.map((each) => each.name),
          declared,
        );
      return;
    }
    at = field.type;
    walked += `.${step.text}`;
  }
}

function reportMissing(step: Name, of: string, type: ValueType, names: readonly string[], { program }: Declared): void {
  const near = nearest(step.text, names);
  const { start, end } = step.span;
  const fixes =
    near === undefined
      ? []
      : [{ title: `Change to '${near}'`, edits: [{ file: program.path, start, end, newText: near }] }];
  const known = near === undefined && names.length > 0 ? ` It has ${names.map((name) => `'${name}'`).join(", ")}.` : "";
  program.main.report(
    "FLOW3002",
    step.span,
    { field: step.text, of: `'${of}'`, type: nameOfType(type), hint: didYouMean(near) + known },
    { fixes },
  );
}
