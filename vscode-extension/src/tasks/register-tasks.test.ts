/** Tasks as the editor gets them: those it is offered, and those that a tasks.json names. */
import { beforeEach, describe, expect, it, vi } from "vitest";
import { registerTasks } from "./register-tasks.ts";

interface GivenTask {
  readonly definition: object;
  readonly name: string;
  readonly execution: { readonly process: string; readonly args: readonly string[] };
  readonly problemMatchers: readonly string[];
  readonly isBackground: boolean;
}
interface Provider {
  provideTasks(): readonly GivenTask[];
  resolveTask(task: { readonly definition: object; readonly scope?: unknown }): GivenTask | undefined;
}

const editor = vi.hoisted(() => ({
  providers: [] as unknown[],
  folders: [
    { name: "a", uri: { scheme: "file", fsPath: "/a" } },
    { name: "far", uri: { scheme: "memory", fsPath: "/far" } },
  ],
}));

vi.mock("vscode", () => ({
  workspace: { workspaceFolders: editor.folders },
  tasks: { registerTaskProvider: (_: string, provider: unknown) => editor.providers.push(provider) },
  TaskGroup: { Build: "build", Test: "test" },
  ProcessExecution: class {
    readonly process: string;
    readonly args: readonly string[];
    constructor(process: string, args: readonly string[]) {
      this.process = process;
      this.args = args;
    }
  },
  Task: class {
    readonly definition: object;
    readonly scope: unknown;
    readonly name: string;
    readonly execution: unknown;
    readonly problemMatchers: readonly string[];
    constructor(
      definition: object,
      scope: unknown,
      name: string,
      _: string,
      execution: unknown,
      problemMatchers: readonly string[],
    ) {
      this.definition = definition;
      this.scope = scope;
      this.name = name;
      this.execution = execution;
      this.problemMatchers = problemMatchers;
    }
  },
}));

const commandLine = (args: readonly string[]) => ({ command: "node", args: ["flow.js", ...args], env: {} });

function provider(server: object = { commandLine }): Provider | undefined {
  registerTasks({ subscriptions: [] } as never, server as never);
  return editor.providers.at(-1) as Provider | undefined;
}

describe("tasks", () => {
  beforeEach(() => void editor.providers.splice(0));

  it("are the same few for each folder on disk, whatever files it has", () => {
    const tasks = provider()!.provideTasks();
    expect(tasks.map(({ name }) => name)).toEqual(["check", "watch", "compile", "test"]);
    expect(tasks.map(({ execution }) => execution.args.join(" "))).toEqual([
      "flow.js check",
      "flow.js check --watch",
      "flow.js compile ${file}",
      "flow.js test",
    ]);
    expect(tasks.map(({ problemMatchers }) => problemMatchers.join(" "))).toEqual([
      "$flow",
      "$flow-watch",
      "$flow",
      "$flow $flow-test",
    ]);
  });

  it("of a tasks.json keep the very definition that the editor asked about, else it refuses them", () => {
    const definition = { type: "flow", task: "check", args: ["--max-warnings", "0"] };
    const task = provider()!.resolveTask({ definition, scope: editor.folders[0] });
    expect(task?.definition).toBe(definition);
    expect(task?.execution.args).toEqual(["flow.js", "check", "--max-warnings", "0"]);
  });

  it("that are another extension's or name no command are left alone", () => {
    expect(provider()!.resolveTask({ definition: { type: "npm", task: "check" } })).toBeUndefined();
    expect(provider()!.resolveTask({ definition: { type: "flow" } })).toBeUndefined();
  });

  it("are not offered where there are no processes", () => {
    expect(provider({})).toBeUndefined();
  });
});
