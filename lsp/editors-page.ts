/** docs/editors.md: how to set up editors, and every method of the protocol with ✅ or ❌, from the rows of `methods.ts`. */
import { generatedBy, page, table } from "../compiler/emit/docs/markdown.ts";
import { type MethodRow, methods } from "./methods.ts";
import { settingRows } from "./settings.ts";

export function editorsPage(): string {
  return page(
    generatedBy("lsp/methods.ts and lsp/editors-page.ts"),
    "# Editors",
    "`flow lsp` is a language server: any editor that speaks the Language Server Protocol gets the same diagnostics as `flow check`, completion, hover, navigation, rename, quick fixes and formatting. It reads the files that are open and what they import; `flow.config.json` sets the levels of diagnostics, for the editor and CI alike.",
    "In a project that has `argo-dataflow` among its packages, let the editor start `npx flow lsp --stdio`, so that editor and CI agree. With a global installation it is `flow lsp --stdio`.",
    ...editors.flatMap(({ name, text }) => [`## ${name}`, ...text]),
    "## Settings",
    "What concerns the language stands in `flow.config.json`, so that editor and CI agree. These are for the editor alone; the server asks for them by `workspace/configuration`, and takes them in `workspace/didChangeConfiguration` or in `initializationOptions: { settings: { flow: … } }` too.",
    table(
      ["setting", "default", "what it does"],
      settingRows.map((row) => [`\`${row.name}\``, `\`${JSON.stringify(row.default)}\``, row.doc]),
    ),
    "## What the server can do",
    "Every method of the Language Server Protocol 3.18. Diagnostics are pulled by clients that can, and pushed to the others, never both.",
    ...sections.flatMap(({ title, from }) => [`### ${title}`, methodTable(methods.filter((row) => row.from === from))]),
    "Beyond the protocol, for clients without a disk (an editor in a browser): with `initializationOptions: { readFile: true, findFiles: true }` the server asks `flow/readFile { uri }` for `{ text }` and `flow/findFiles { folders }` for `{ uris }`. Code lenses carry the commands that a client names in `capabilities.experimental.commands`: `flow.run`, `flow.test`, `flow.showNeighbours`.",
    "### Commands",
    "By `workspace/executeCommand`; the first argument is the URI of a document, whose text counts as it is, saved or not. `flow.preview` takes a kind, `resource`, `runtime`, `ir` or `graph`, and answers `{ kind, language, text, mappings: [{ range, source: { uri, range } }] }`, with the way from each part of the text back to the source, and `problem` instead of a text while an error has to be mended. The same texts are documents: `flow-preview:/<kind>/<any name>?<URI of the file, percent-encoded>`, which keep the last whole text while an error is in the way. `flow.graph` answers nodes, edges, stages and problems with their places, of a broken file too. `flow.tests` answers `[{ name, range, at }]`, the `test` blocks. `flow.runTests` takes names, or null for all, and runs them: `{ tests: [{ name, status, durationMs, virtualMs, messages: [{ message, expected, actual, uri, range }] }] }`, or `{ problem }`; with `{ partialResultToken }` as third argument each test is told by `$/progress`, `{ began }` and `{ ended }`. `flow.runHere` runs the pipeline on sample events, or with `{ test }` on those of a test, and answers for each node how many events came out and the first of them. What runs has a worker and a memory of its own, ends after 10 seconds, or when the request is cancelled; connectors are not opened and secrets are not read. In a browser, `initializationOptions: { runner }` is the URL of `flow-runner-worker.js`.",
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
      "The extension is part of this repository, for the desktop and for the browser; it is in no marketplace yet. `npm run package` writes `vscode-extension/flow-<version>.vsix`, and `code --install-extension` takes it. It starts the workspace's own `argo-dataflow` where there is one, else the copy it brings along; `vscode-extension/README.md` says more.",
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
      "Older versions, from 0.7:",
      fenced(
        "lua",
        "local client",
        'vim.api.nvim_create_autocmd({ "BufRead", "BufNewFile" }, {',
        '  pattern = "*.flow",',
        "  callback = function(event)",
        '    vim.bo[event.buf].filetype = "flow"',
        '    vim.bo[event.buf].commentstring = "// %s"',
        '    vim.bo[event.buf].omnifunc = "v:lua.vim.lsp.omnifunc"',
        "    client = client or vim.lsp.start_client({",
        '      name = "flow",',
        '      cmd = { "npx", "flow", "lsp", "--stdio" },',
        "      root_dir = vim.fn.getcwd(),",
        "    })",
        "    vim.lsp.buf_attach_client(event.buf, client)",
        "  end,",
        "})",
      ),
      "Settings go into `settings = { flow = { inlayHints = { defaults = false } } }` of either. `vim.lsp.inlay_hint.enable()` shows the hints, from 0.10.",
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
      "Zed starts a language server for an extension alone, and gives a language of its own only to what has a tree-sitter grammar; there is neither for `.flow` yet. A local extension of three files serves `.flow` as plain text: everything works but colours. It needs Rust by rustup. `extension.toml`:",
      fenced(
        "toml",
        'id = "flow"',
        'name = "Flow"',
        'version = "0.1.0"',
        "schema_version = 1",
        "",
        "[language_servers.flow]",
        'name = "flow"',
        'languages = ["Plain Text"]',
      ),
      "`Cargo.toml`:",
      fenced(
        "toml",
        "[package]",
        'name = "flow"',
        'version = "0.1.0"',
        'edition = "2021"',
        "",
        "[lib]",
        'crate-type = ["cdylib"]',
        "",
        "[dependencies]",
        'zed_extension_api = "0.1.0"',
      ),
      "`src/lib.rs`:",
      fenced(
        "rust",
        "use zed_extension_api::{self as zed, Command, LanguageServerId, Result, Worktree};",
        "",
        "struct Flow;",
        "",
        "impl zed::Extension for Flow {",
        "    fn new() -> Self {",
        "        Flow",
        "    }",
        "",
        "    fn language_server_command(&mut self, _: &LanguageServerId, worktree: &Worktree) -> Result<Command> {",
        '        let command = worktree.which("npx").ok_or("There is no npx.")?;',
        '        let args = ["flow", "lsp", "--stdio"].map(String::from).to_vec();',
        "        Ok(Command { command, args, env: worktree.shell_env() })",
        "    }",
        "}",
        "",
        "zed::register_extension!(Flow);",
      ),
      '*zed: install dev extension* installs the folder. In the settings of Zed, `"file_types": { "Plain Text": ["flow"] }` says what it is for. No test runs Zed.',
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
