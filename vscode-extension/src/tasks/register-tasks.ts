/** Tasks: `flow: check`, `watch`, `compile` and `test`, by the same `flow` as the language server. Where there are no processes there are no tasks. */
import * as vscode from "vscode";
import type { CommandLine, ServerClient } from "../server-client.ts";
import { argsOf, type FlowTaskDefinition, flowTasks, taskType } from "./task-list.ts";

export function registerTasks(context: vscode.ExtensionContext, { commandLine }: ServerClient): void {
  if (!commandLine) return;
  context.subscriptions.push(
    vscode.tasks.registerTaskProvider(taskType, {
      provideTasks: () =>
        (vscode.workspace.workspaceFolders ?? [])
          .filter(({ uri }) => uri.scheme === "file")
          .flatMap((folder) =>
            flowTasks.map(({ name }) => taskOf(folder, { type: taskType, task: name }, commandLine)),
          ),
      resolveTask: ({ definition, scope }) => {
        const folder = isFolder(scope) ? scope : vscode.workspace.workspaceFolders?.[0];
        return folder && isOurs(definition) ? taskOf(folder, definition, commandLine) : undefined;
      },
    }),
  );
}

function taskOf(
  folder: vscode.WorkspaceFolder,
  definition: FlowTaskDefinition & vscode.TaskDefinition,
  commandLine: (args: readonly string[]) => CommandLine,
): vscode.Task {
  const { command, args, env } = commandLine(argsOf(definition));
  const known = flowTasks.find(({ name }) => name === definition.task);
  const watches = known?.watches === true || definition.args?.includes("--watch") === true;
  const task = new vscode.Task(
    // The very object that was asked about: the editor refuses a resolved task with another one.
    definition,
    folder,
    definition.task,
    "flow",
    new vscode.ProcessExecution(command, [...args], { cwd: folder.uri.fsPath, env: { ...env } }),
    [...matchersOf(definition.task, watches)],
  );
  if (known) task.detail = known.detail;
  if (known?.group === "build") task.group = vscode.TaskGroup.Build;
  if (known?.group === "test") task.group = vscode.TaskGroup.Test;
  task.isBackground = watches;
  return task;
}

/** A file that does not compile is told of in the way of `flow check` by every command. */
const matchersOf = (task: string, watches: boolean): readonly string[] =>
  watches ? ["$flow-watch"] : task === "test" ? ["$flow", "$flow-test"] : ["$flow"];

const isFolder = (scope: vscode.Task["scope"]): scope is vscode.WorkspaceFolder => typeof scope === "object";

const isOurs = (definition: vscode.TaskDefinition): definition is FlowTaskDefinition & vscode.TaskDefinition =>
  definition.type === taskType && "task" in definition && typeof definition.task === "string";
