/** `remove data.a.b, data.c`: takes fields away; one that is not there is no mistake. */
import { literal } from "../engine/stage-code.ts";
import type { EmitOperator } from "./operator.ts";
import { getField, isRecordValue, needsMap, plainPrototype, withField, withoutField } from "./records.ts";

export const emitRemove: EmitOperator<"remove"> = ({ paths }, step) => {
  const { code } = step;
  for (const path of paths) {
    const slow = `data = ${code.bind(removePath)}(data, ${code.bind(path)});`;
    if (path.length === 1 && step.ownership.owns([]) && !needsMap(path[0]!)) {
      const test = `typeof data === "object" && data !== null && ${code.bind(Object.getPrototypeOf)}(data) === ${code.bind(plainPrototype)}`;
      code.line(`if (${test}) delete data[${literal(path[0]!)}]; else ${slow}`);
    } else {
      code.line(slow);
      // The records on the way were copied only where the field was there.
    }
  }
};

/** A copy along the path, without the field; `data` itself when it is not there. */
export function removePath(data: unknown, path: readonly string[], depth = 0): unknown {
  const name = path[depth];
  if (name === undefined || !isRecordValue(data)) return data;
  const child = getField(data, name);
  if (child === undefined) return data;
  if (depth === path.length - 1) return withoutField(data, name);
  const without = removePath(child, path, depth + 1);
  return without === child ? data : withField(data, name, without);
}
