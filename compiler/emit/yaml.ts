/** Writes YAML: block style, keys in the order given, strings plain wherever YAML allows. */
import { stringify } from "yaml";

/** The same value always gives the same text. */
export function printYaml(value: unknown): string {
  return stringify(value, {
    lineWidth: 0,
    minContentWidth: 0,
    defaultStringType: "PLAIN",
    defaultKeyType: "PLAIN",
    aliasDuplicateObjects: false,
    compat: "yaml-1.1",
  });
}
