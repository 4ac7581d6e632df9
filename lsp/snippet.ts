/** Snippets for clients that have none: the text without its tab stops. */

/** `fixed ${1:1m} {$0}` → `fixed 1m {}`. */
export const withoutTabStops = (snippet: string): string =>
  snippet.replace(
    /\\([$}\\])|\$\{\d+:([^}]*)\}|\$\{\d+\}|\$\d+/g,
    (_all, escaped?: string, name?: string) => escaped ?? name ?? "",
  );
