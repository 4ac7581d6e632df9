/** What people can choose for their editor, under `flow` in its settings. What concerns the language stands in `flow.config.json`. */

export interface Settings {
  readonly inlayHints: { readonly types: boolean; readonly defaults: boolean; readonly stages: boolean };
  /** Whose problems `workspace/diagnostic` tells: those of open files and what they import, or those of all files. */
  readonly diagnostics: { readonly scope: "open" | "workspace" };
}

export const settingsSection = "flow";

/** Each setting by its name, for the page of editors. */
export const settingRows = [
  { name: "flow.inlayHints.types", default: true, doc: "Shows the type of a node that has none written." },
  { name: "flow.inlayHints.defaults", default: true, doc: "Shows what holds where a clause that matters is left out." },
  { name: "flow.inlayHints.stages", default: true, doc: "Shows where data crosses a topic between two stages." },
  {
    name: "flow.diagnostics.scope",
    default: "open",
    doc: 'Whose problems an editor that asks for all is told: `"open"` files with what they import, or those of the whole `"workspace"`.',
  },
] as const;

/** Settings as an editor sends them. Whatever is missing or wrong has its default. */
export function settingsOf(flow: unknown): Settings {
  const hints = memberOf(flow, "inlayHints");
  const on = (name: string): boolean => memberOf(hints, name) !== false;
  return {
    inlayHints: { types: on("types"), defaults: on("defaults"), stages: on("stages") },
    diagnostics: { scope: memberOf(memberOf(flow, "diagnostics"), "scope") === "workspace" ? "workspace" : "open" },
  };
}

/** In `initializationOptions` and in `workspace/didChangeConfiguration`: `{ settings: { flow: … } }`. */
export const settingsIn = (holder: unknown): unknown => memberOf(memberOf(holder, "settings"), settingsSection);

const memberOf = (value: unknown, name: string): unknown =>
  typeof value === "object" && value !== null ? Reflect.get(value, name) : undefined;
