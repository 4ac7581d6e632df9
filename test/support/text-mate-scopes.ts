/** Runs TextMate grammars the way the editor does, for tests: the scopes of each character. */
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import oniguruma from "vscode-oniguruma";
import textmate from "vscode-textmate";

const require = createRequire(import.meta.url);

/** Of each character of a text its scopes, the innermost last. */
export type Scopes = (text: string) => readonly (readonly string[])[];

/**
 * @param grammars by scope name
 * @param injected by the scope they are injected into
 */
export async function scopesOf(
  scopeName: string,
  grammars: Readonly<Record<string, object>>,
  injected: Readonly<Record<string, readonly string[]>> = {},
): Promise<Scopes> {
  await loaded;
  const registry = new textmate.Registry({
    onigLib: Promise.resolve({
      createOnigScanner: (patterns) => new oniguruma.OnigScanner(patterns),
      createOnigString: (text) => new oniguruma.OnigString(text),
    }),
    loadGrammar: async (name) => {
      const grammar = grammars[name];
      return grammar === undefined ? null : textmate.parseRawGrammar(JSON.stringify(grammar), `${name}.json`);
    },
    getInjections: (name) => [...(injected[name] ?? [])],
  });
  const grammar = await registry.loadGrammar(scopeName);
  if (!grammar) throw new Error(`There is no grammar '${scopeName}'.`);
  return (text) => {
    const found: (readonly string[])[] = [];
    let state = textmate.INITIAL;
    for (const line of text.split("\n")) {
      const { tokens, ruleStack } = grammar.tokenizeLine(line, state);
      state = ruleStack;
      for (const { startIndex, endIndex, scopes } of tokens)
        for (let at = startIndex; at < Math.min(endIndex, line.length); at++) found.push(scopes);
      found.push([]);
    }
    return found;
  };
}

const loaded = oniguruma.loadWASM(
  readFileSync(join(dirname(require.resolve("vscode-oniguruma/package.json")), "release/onig.wasm"))
    .buffer as ArrayBuffer,
);
