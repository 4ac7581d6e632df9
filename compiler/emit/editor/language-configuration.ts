/** What an editor must know to type .flow without the server: comments, pairs, indentation, what a word is. */

export const languageConfiguration = {
  comments: { lineComment: "//", blockComment: ["/*", "*/"] },
  brackets: [
    ["{", "}"],
    ["[", "]"],
    ["(", ")"],
  ],
  autoClosingPairs: [
    { open: "{", close: "}" },
    { open: "[", close: "]" },
    { open: "(", close: ")" },
    { open: '"', close: '"', notIn: ["string", "comment"] },
    { open: "'", close: "'", notIn: ["string", "comment"] },
    { open: "`", close: "`", notIn: ["string", "comment"] },
    { open: '"""', close: '"""', notIn: ["string", "comment"] },
    { open: "/*", close: " */", notIn: ["string", "comment"] },
  ],
  autoCloseBefore: ";:.,=}])>` \n\t",
  surroundingPairs: [
    ["{", "}"],
    ["[", "]"],
    ["(", ")"],
    ['"', '"'],
    ["'", "'"],
    ["`", "`"],
  ],
  folding: { offSide: false },
  wordPattern: "(-?\\d[\\w.]*)|([A-Za-z_]\\w*)",
  indentationRules: {
    increaseIndentPattern: "^((?!//)[^\"'`]|\"[^\"]*\"|'[^']*'|`[^`]*`)*[\\{\\[\\(]\\s*(//.*)?$",
    decreaseIndentPattern: "^\\s*[\\}\\]\\)]",
  },
  onEnterRules: [
    { beforeText: "^\\s*///(?!/).*$", action: { indent: "none", appendText: "/// " } },
    {
      beforeText: "^\\s*/\\*(?!.*\\*/).*$",
      afterText: "^\\s*\\*/$",
      action: { indent: "indentOutdent", appendText: " " },
    },
  ],
} as const;
