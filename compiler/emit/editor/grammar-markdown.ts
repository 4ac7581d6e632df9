/** The grammar that colours ```` ```flow ```` fences in Markdown: injected into the editor's own grammar of Markdown. */
import { captures, type Grammar } from "./text-mate.ts";

/** The content of a fence has this scope, by which the editor knows its language. */
export const embeddedScope = "meta.embedded.block.flow";

export function markdownGrammar(): Grammar {
  return {
    name: "Flow in Markdown",
    scopeName: "markdown.flow.codeblock",
    injectionSelector: "L:text.html.markdown",
    patterns: [{ include: "#fence" }],
    repository: {
      fence: {
        name: "markup.fenced_code.block.markdown",
        begin: "(^|\\G)(\\s*)(`{3,}|~{3,})\\s*(?i:(flow)((?:\\s+|:|,|\\{|\\?)[^`]*)?$)",
        beginCaptures: captures("", "", "punctuation.definition.markdown", "fenced_code.block.language.markdown"),
        end: "(^|\\G)(\\2|\\s{0,3})(\\3)\\s*$",
        endCaptures: captures("", "", "punctuation.definition.markdown"),
        patterns: [
          {
            begin: "(^|\\G)(\\s*)(.*)",
            while: "(^|\\G)(?!\\s*([`~]{3,})\\s*$)",
            contentName: embeddedScope,
            patterns: [{ include: "source.flow" }],
          },
        ],
      },
    },
  };
}
