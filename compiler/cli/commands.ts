/** Every command, as data: its help, its completion and its page are made from the same row. */
import { config, format, kafkaClient, param, usage, workerTimes } from "./command-options.ts";
import type { CommandOption, CommandRow } from "./command-row.ts";
import { deadletter, lag, worker } from "./commands-kafka.ts";

const check: CommandRow = {
  name: "check",
  arguments: "[files...]",
  summary: "find mistakes",
  doc: "Checks .flow files, and Pipeline resources in YAML: syntax, names, types, graph, deployment. Takes files, folders, globs or '-' for standard input; without any, every .flow file below the current folder.",
  options: [
    format(["text", "json", "sarif", "github"], "text", "How to print what was found."),
    { flags: "--fix", doc: "Apply the fixes that are mechanical, then report what is left." },
    {
      flags: "--max-warnings <n>",
      doc: "Exit 1 when there are more warnings than this.",
      whole: true,
      completes: "nothing",
    },
    ...param,
    config,
    { flags: "--watch", doc: "Check again whenever a file changes." },
    { flags: "--stdin-path <path>", doc: "The name that '-' is reported under; imports are found from there." },
  ],
  examples: [
    { command: "flow check", doc: "every .flow file below this folder" },
    { command: "flow check 'pipelines/**/*.flow' --watch", doc: "again on each change" },
    { command: "flow check --format github --max-warnings 0", doc: "in a GitHub workflow" },
    { command: "cat a.flow | flow check - --format json", doc: "one JSON array on standard output" },
  ],
  exits: ["0 no errors (warnings are allowed, up to --max-warnings)", "1 errors were found", usage],
  completes: "flow",
};

const compile: CommandRow = {
  name: "compile",
  arguments: "<file>",
  summary: "write the Pipeline resource and the runtime configs",
  doc: "Compiles a .flow file to <name>.pipeline.yaml, for kubectl apply, and <name>.runtime/<stage>.json, the runtime config of every stage. Nothing is written when there are errors.",
  options: [
    {
      flags: "-o, --output <path>",
      doc: "The folder to write to, a file for the chosen format, or '-' for standard output. By default beside the .flow file.",
    },
    format(
      ["all", "cr", "runtime", "ir", "map"],
      "all",
      "What to write: the custom resource, the runtime configs, the typed graph, the map from fields of the resource to places in the file. 'all' is the first two, and the first alone in one file or on standard output.",
    ),
    {
      flags: "--snapshot <mode>",
      choices: ["check", "write"],
      doc: "'check' compares the written files with a fresh compile and prints the difference; 'write' brings them up to date.",
    },
    ...param,
    config,
    { flags: "--watch", doc: "Compile again whenever a file changes." },
  ],
  examples: [
    { command: "flow compile word_count.flow", doc: "writes word-count.pipeline.yaml and word-count.runtime/" },
    { command: "flow compile word_count.flow -o - | kubectl apply -f -", doc: "straight to a cluster" },
    {
      command: "flow compile word_count.flow -o deploy/ --snapshot check",
      doc: "in CI: is the committed output up to date?",
    },
    { command: "flow compile word_count.flow --param topic=lines --params prod.yaml", doc: "with params" },
  ],
  exits: ["0 compiled, or the snapshot is up to date", "1 errors were found, or the snapshot differs", usage],
  completes: "flow",
};

const exec: CommandOption = {
  flags: "--exec <step=command>",
  many: true,
  doc: "Run a program of this machine in place of a step's container: score='python3 score.py'. The command is cut into words at blanks; quotes and backslashes keep a word together. It runs in the folder of the .flow file. There is no shell: for one, say sh -c '…'.",
  completes: "nothing",
};

const run: CommandRow = {
  name: "run",
  arguments: "<file>",
  summary: "run a pipeline on this machine",
  doc: "Runs a .flow file in this process. --from and --to replace the connector of a source or sink, so that a pipeline made for Kafka runs on a file. With Kafka itself it is a member of the consumer group argo.<pipeline>, and goes on where it was stopped. Bad records go to the dead letter and never stop the rest. Programs of steps are started and ended with it. Ctrl-C finishes what is in flight; a second Ctrl-C ends at once.",
  options: [
    {
      flags: "--from <node=connector:arg>",
      many: true,
      doc: "Read a source from elsewhere: lines=file:book.txt, lines=stdin.",
      completes: "nothing",
    },
    {
      flags: "--to <node=connector:arg>",
      many: true,
      doc: "Write a sink elsewhere: totals=stdout, totals=file:out.ndjson.",
      completes: "nothing",
    },
    exec,
    ...param,
    config,
    {
      flags: "--for <duration>",
      doc: "Stop reading after this long, finish, and leave: 10s, 5m.",
      completes: "nothing",
    },
    {
      flags: "--dead-letter <file>",
      doc: "Where bad records go; by default <pipeline>.dead-letter.ndjson in this folder, made when needed.",
    },
    {
      flags: "--state <folder>",
      doc: "Keep in this folder how far the run has come, and what its windows hold. Stopped or killed at any moment, the same command goes on from there, and its files are what they would have been without that.",
      completes: "folders",
    },
    {
      flags: "--checkpoint-every <duration>",
      doc: "How often that is written: 1s by default.",
      completes: "nothing",
    },
    {
      flags: "--reset <node>",
      many: true,
      doc: "Drop what is kept of a node whose meaning has changed, and go on with the rest; 'all' starts again from the beginning.",
      completes: "nothing",
    },
    {
      flags: "--memory-cells <n>",
      doc: "How many keys in open windows stay in memory, of all windows together; those not touched for longest go to a temporary file. 100000 by default.",
      whole: true,
      completes: "nothing",
    },
    {
      flags: "--trace <n>",
      doc: "Print the way of the first n events through the nodes, with each value, on standard error; and that of the first n results of each window.",
      whole: true,
      completes: "nothing",
    },
    kafkaClient,
    ...workerTimes,
    {
      flags: "--stats <format>",
      choices: ["json"],
      doc: "Print the final figures as one JSON line on standard error.",
    },
    { flags: "-q, --quiet", doc: "No progress and no summary." },
  ],
  examples: [
    {
      command: "flow run word_count.flow --from lines=file:book.txt --to totals=stdout",
      doc: "a Kafka pipeline on a text file",
    },
    {
      command: "cat orders.ndjson | flow run orders.flow --from orders=stdin --to paid=file:paid.ndjson",
      doc: "from a pipe into a file",
    },
    {
      command: "flow run orders.flow --param min_total=100 --stats json",
      doc: "with a param, and figures for a script",
    },
    {
      command: "flow run totals.flow --state .state/totals",
      doc: "goes on where it was stopped or killed",
    },
    {
      command: "flow run score.flow --exec score='python3 score.py'",
      doc: "a step that is a container on a cluster, as a program",
    },
    { command: "flow run orders.flow --trace 3", doc: "what happens to the first three events, and why" },
    { command: "flow run clock.flow --for 10s", doc: "a stream without end, for ten seconds" },
  ],
  exits: [
    "0 ran to the end (bad records are reported, and do not change this)",
    "1 the program has errors, or the run failed",
    usage,
    "130 ended at once by a second Ctrl-C",
  ],
  completes: "flow",
};

const test: CommandRow = {
  name: "test",
  arguments: "[files...]",
  summary: "run the tests in .flow files",
  doc: "Runs the 'test' blocks of .flow files on the real engine, with a virtual clock that starts at 1970-01-01T00:00:00Z. Sources and sinks are replaced by memory, so nothing outside is read or written; programs of steps are started, in real time. Takes files, folders, globs or '-' for standard input; without any, every .flow file below the current folder.",
  options: [
    {
      flags: "--filter <text>",
      doc: "Only tests whose name contains the text, or matches it when written as /regex/ or /regex/i.",
      completes: "nothing",
    },
    format(["text", "json", "junit"], "text", "How to print the results."),
    { flags: "--coverage", doc: "Say which nodes and branches no test has run." },
    exec,
    ...param,
    config,
    { flags: "--watch", doc: "Test again whenever a file changes." },
  ],
  examples: [
    { command: "flow test", doc: "every test below this folder" },
    { command: "flow test word_count.flow --filter late --watch", doc: "some tests, again on each change" },
    { command: "flow test 'pipelines/**/*.flow' --coverage", doc: "and what they leave out" },
    { command: "flow test score.flow --exec score='python3 score.py'", doc: "with a program in place of a container" },
    { command: "flow test --format junit > results.xml", doc: "for a CI server" },
  ],
  exits: ["0 all tests passed", "1 a test failed, a file has errors, or no test was found", usage],
  completes: "flow",
};

const fmt: CommandRow = {
  name: "fmt",
  arguments: "[files...]",
  summary: "format .flow files",
  doc: "Formats .flow files in place. Takes files, folders, globs or '-' (standard input to standard output); without any, every .flow file below the current folder. A file that does not parse is left as it is.",
  options: [
    { flags: "--check", doc: "Change nothing; exit 1 when a file is not formatted." },
    { flags: "--diff", doc: "Change nothing; print what would change." },
  ],
  examples: [
    { command: "flow fmt", doc: "every .flow file below this folder" },
    { command: "flow fmt --check --diff", doc: "in CI: say what is not formatted, and how" },
    { command: "flow fmt - < a.flow", doc: "as a filter, for an editor" },
  ],
  exits: ["0 all files are formatted now", "1 a file does not parse, or --check or --diff found a difference", usage],
  completes: "flow",
};

const graph: CommandRow = {
  name: "graph",
  arguments: "<file>",
  summary: "draw the pipeline",
  doc: "Draws the graph of a pipeline: for a README (mermaid), for Graphviz (dot), as a picture (svg), or for a program (json).",
  options: [
    format(["mermaid", "dot", "svg", "json"], "mermaid", "What to draw."),
    { flags: "-o, --output <file>", doc: "Write to a file instead of standard output." },
    ...param,
    config,
  ],
  examples: [
    { command: "flow graph word_count.flow", doc: "Mermaid, to paste into Markdown" },
    { command: "flow graph word_count.flow --format svg -o word_count.svg", doc: "a picture" },
  ],
  exits: ["0 drawn", "1 errors were found", usage],
  completes: "flow",
};

const explain: CommandRow = {
  name: "explain",
  arguments: "[code]",
  summary: "explain a diagnostic",
  doc: "Prints the page of a diagnostic: what it means, why it matters, what to do, an example and the example mended. Without a code, lists all of them.",
  options: [],
  examples: [
    { command: "flow explain FLOW2001", doc: "one page" },
    { command: "flow explain", doc: "the list" },
  ],
  exits: ["0 printed", "2 there is no such code"],
  completes: "codes",
};

const decompile: CommandRow = {
  name: "decompile",
  arguments: "<file>",
  summary: "turn a Pipeline resource back into .flow",
  doc: "Turns a Pipeline custom resource, written by hand or by 'flow compile', into a formatted .flow file. '-' is standard input.",
  options: [{ flags: "-o, --output <file>", doc: "Write to a file instead of standard output." }],
  examples: [
    { command: "flow decompile word-count.pipeline.yaml -o word_count.flow", doc: "to a file" },
    { command: "kubectl get pipeline word-count -o yaml | flow decompile -", doc: "what is running right now" },
  ],
  exits: ["0 written", "1 the resource is not a valid Pipeline", usage],
  completes: "yaml",
};

const init: CommandRow = {
  name: "init",
  arguments: "[folder]",
  summary: "start a project that works",
  doc: "Writes a small working project: a pipeline, sample input, flow.config.json, .gitignore and README. An existing file is never overwritten.",
  options: [],
  examples: [{ command: "flow init shop", doc: "a new folder 'shop'" }],
  exits: ["0 written", "1 a file is in the way", usage],
  completes: "folders",
};

const lsp: CommandRow = {
  name: "lsp",
  arguments: "",
  summary: "start the language server, for an editor",
  doc: "Serves an editor by the Language Server Protocol 3.18. An editor starts it and talks to it; docs/editors.md says how, for VS Code, Neovim, Helix, Zed and Emacs. With --socket and --pipe the editor listens and the server connects.",
  options: [
    { flags: "--stdio", doc: "Talk over standard input and output: what most editors want." },
    { flags: "--socket <port>", doc: "Connect to this port of this machine.", whole: true, completes: "nothing" },
    { flags: "--pipe <name>", doc: "Connect to this pipe (Windows) or socket file." },
    {
      flags: "--clientProcessId <pid>",
      doc: "End when this process does; some editors add it.",
      whole: true,
      completes: "nothing",
    },
  ],
  examples: [
    { command: "flow lsp --stdio", doc: "what to set as the command of the server in an editor" },
    { command: "flow lsp --socket 6009", doc: "an editor that listens on a port" },
  ],
  exits: ["0 the editor said shutdown, then exit", "1 the editor went away without", usage],
  completes: "nothing",
};

const completion: CommandRow = {
  name: "completion",
  arguments: "<shell>",
  summary: "print a completion script for bash, zsh or fish",
  doc: "Prints a script that completes commands, options, values and files.",
  options: [],
  examples: [
    { command: "source <(flow completion bash)", doc: "in ~/.bashrc" },
    { command: "flow completion zsh > ~/.zfunc/_flow", doc: "a folder of your fpath" },
    { command: "flow completion fish > ~/.config/fish/completions/flow.fish", doc: "for fish" },
  ],
  exits: ["0 printed", usage],
  completes: "shells",
};

/** In the order in which people meet them. */
export const commands: readonly CommandRow[] = [
  init,
  check,
  run,
  test,
  compile,
  worker,
  lag,
  deadletter,
  fmt,
  graph,
  explain,
  decompile,
  lsp,
  completion,
];
