/** How names of the catalogue look in the custom resource: fields camelCase, words PascalCase, nodes kebab-case. */
import type { ClauseRow, Part } from "../../catalog/rows.ts";
import { kebab } from "../../source/kebab.ts";

export { kebab };

/** `per-minute` → `per_minute`: the exact inverse of `kebab` on names of .flow. */
export const snake = (name: string): string => name.replaceAll("-", "_");

/** `max_body` → `maxBody`. Not for names with capitals. */
export const camel = (name: string): string =>
  name.includes("_") ? name.replace(/_([a-z0-9])/g, (_, letter: string) => letter.toUpperCase()) : name;

/** `at_least_once` → `AtLeastOnce`. */
export const pascal = (name: string): string => camel(`_${name}`);

/** The field of a clause. */
export const clauseField = (row: ClauseRow): string => row.field ?? camel(row.keyword);

/** Words that are names of the world and no enumerations of Kubernetes: formats, languages. */
const keepsWords: ReadonlySet<string> = new Set(["format", "code"]);

/** How a word of a part is written. */
export const wordText = (row: ClauseRow, word: string): string => (keepsWords.has(row.keyword) ? word : pascal(word));

/** A clause whose only part is its value; all others are objects by part. */
export const isSingle = (row: ClauseRow): boolean => row.parts.length === 1;

/** Clauses of a node that stand beside its `operators`, `window` or `chunk`, not inside. */
const placement: ReadonlySet<string> = new Set(["replicas", "resources", "retry"]);
export const isPlacement = (keyword: string): boolean => placement.has(keyword);

/** `options` of a clause with more parts are merged into its object. */
export const isMerged = (row: ClauseRow, part: Part): boolean => part.kind === "options" && !isSingle(row);

/** `~` and `/` escaped as JSON pointers want it. */
export const pointer = (parent: string, key: string | number): string =>
  `${parent}/${typeof key === "number" ? key : escaped(key)}`;

const escaped = (key: string): string =>
  key.includes("~") || key.includes("/") ? key.replaceAll("~", "~0").replaceAll("/", "~1") : key;
