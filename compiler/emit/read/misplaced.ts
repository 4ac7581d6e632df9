/** Fields that the schema knows but that mean nothing where they stand; read on, they would be lost without a word. */
import type { Report } from "../../source/diagnostic.ts";
import { containerField, containerOptions, isBesideImage } from "../cr/write-container.ts";
import { asList, asMap, field, type YamlMap } from "./yaml-tree.ts";

const ofContainers = [
  "input",
  "output",
  ...containerOptions.filter(isBesideImage).map(({ name }) => containerField(name)),
];

/** Whether anything was found: the same rules that the CRD has for the API server. */
export function misplaced(spec: YamlMap, report: Report): boolean {
  let found = false;
  const refuse = (map: YamlMap, names: readonly string[], why: string): void => {
    for (const { key, keySpan } of map.entries.filter((entry) => names.includes(entry.key))) {
      report("FLOW5808", keySpan, { what: `'${key}' ${why}` });
      found = true;
    }
  };
  const has = (map: YamlMap, name: string): boolean => field(map, name) !== undefined;
  if (!has(spec, "input")) refuse(spec, ["output"], "stands without 'input': the linear form has both.");
  else if (!has(spec, "output")) refuse(spec, ["input"], "stands without 'output': the linear form has both.");
  if (has(spec, "input")) refuse(spec, ["sinks"], "has no place in the linear form, which has 'output' instead.");
  for (const item of asList(field(spec, "processors"))) {
    const processor = asMap(item);
    if (processor === undefined) continue;
    if (!has(processor, "image")) refuse(processor, ofContainers, "belongs to a processor with 'image'.");
    if (!has(processor, "image") && !has(processor, "operators"))
      refuse(processor, ["retry", "type"], "belongs to a processor with 'operators' or 'image'.");
  }
  return found;
}
