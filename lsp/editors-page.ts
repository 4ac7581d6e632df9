/** docs/editors.md: how to set up editors, and every method of the protocol with ✅ or ❌, from the rows of `methods.ts`. */
import { generatedBy, page, table } from "../compiler/emit/docs/markdown.ts";
import { type MethodRow, methods } from "./methods.ts";

export function editorsPage(): string {
  return page(
    generatedBy("lsp/methods.ts and lsp/editors-page.ts"),
    "# Editors",
    "`flow lsp` is a language server: any editor that speaks the Language Server Protocol gets the same diagnostics as `flow check`, completion, hover, navigation, rename, quick fixes and formatting. It reads the files that are open and what they import; `flow.config.json` sets the levels of diagnostics, for the editor and CI alike.",
    "In a project that has `argo-dataflow` among its packages, let the editor start `npx flow lsp --stdio`, so that editor and CI agree. With a global installation it is `flow lsp --stdio`.",
    ...editors.flatMap(({ name, text }) => [`## ${name}`, ...text]),
    "## What the server can do",
    "Every method of the Language Server Protocol 3.18. Diagnostics are pulled by clients that can, and pushed to the others, never both.",
    ...sections.flatMap(({ title, from }) => [`### ${title}`, methodTable(methods.filter((row) => row.from === from))]),
    "Beyond the protocol, for clients without a disk (an editor in a browser): with `initializationOptions: { readFile: true, findFiles: true }` the server asks `flow/readFile { uri }` for `{ text }` and `flow/findFiles { folders }` for `{ uris }`. Code lenses carry the commands that a client names in `capabilities.experimental.commands`: `flow.run`, `flow.test`, `flow.showNeighbours`.",
  );
}

const sections = [
  { title: "What an editor can ask and tell", from: "client" },
  { title: "What the server sends by itself", from: "server" },
] as const;

const methodTable = (rows: readonly MethodRow[]): string =>
  table(
    ["method", "", "what it does here"],
    rows.map(({ method, supported, doc }) => [`\`${method}\``, supported ? "✅" : "❌", doc]),
  );

const fenced = (language: string, ...lines: readonly string[]): string =>
  [`\`\`\`${language}`, ...lines, "```"].join("\n");

const editors: readonly { readonly name: string; readonly text: readonly string[] }[] = [
  {
    name: "VS Code",
    text: [
      "There is no extension yet. Until there is one, a generic client such as *Generic LSP Client* does; in its settings name the command `npx flow lsp --stdio` for files `*.flow`.",
    ],
  },
  {
    name: "Neovim",
    text: [
      "Version 0.11 or newer, in `init.lua`:",
      fenced(
        "lua",
        'vim.filetype.add({ extension = { flow = "flow" } })',
        'vim.lsp.config("flow", {',
        '  cmd = { "npx", "flow", "lsp", "--stdio" },',
        '  filetypes = { "flow" },',
        '  root_markers = { "flow.config.json", "package.json", ".git" },',
        "})",
        'vim.lsp.enable("flow")',
      ),
    ],
  },
  {
    name: "Helix",
    text: [
      "In `~/.config/helix/languages.toml`:",
      fenced(
        "toml",
        "[language-server.flow]",
        'command = "npx"',
        'args = ["flow", "lsp", "--stdio"]',
        "",
        "[[language]]",
        'name = "flow"',
        'scope = "source.flow"',
        'file-types = ["flow"]',
        'roots = ["flow.config.json", "package.json"]',
        'comment-token = "//"',
        'indent = { tab-width = 2, unit = "  " }',
        'language-servers = ["flow"]',
        "auto-format = true",
      ),
    ],
  },
  {
    name: "Zed",
    text: [
      "Zed starts a language server only for a language that an extension declares, and there is no such extension yet. A local one needs two files. `extension.toml`:",
      fenced(
        "toml",
        'id = "flow"',
        'name = "Flow"',
        'version = "0.1.0"',
        "schema_version = 1",
        "",
        "[language_servers.flow]",
        'name = "flow"',
        'languages = ["Flow"]',
      ),
      "and `languages/flow/config.toml`:",
      fenced("toml", 'name = "Flow"', 'path_suffixes = ["flow"]', 'line_comments = ["// "]', "tab_size = 2"),
      "Its `language_server_command` answers `npx` with `flow`, `lsp`, `--stdio`; *zed: install dev extension* installs the folder.",
    ],
  },
  {
    name: "Emacs",
    text: [
      "With Eglot, which is part of Emacs 29:",
      fenced(
        "elisp",
        '(define-derived-mode flow-mode prog-mode "Flow"',
        '  (setq-local comment-start "// "))',
        "(add-to-list 'auto-mode-alist '(\"\\\\.flow\\\\'\" . flow-mode))",
        "(with-eval-after-load 'eglot",
        '  (add-to-list \'eglot-server-programs \'(flow-mode . ("npx" "flow" "lsp" "--stdio"))))',
        "(add-hook 'flow-mode-hook #'eglot-ensure)",
      ),
    ],
  },
];
