/** The tasks of a folder: a few for all of it, none for single files. Knows no editor. */

export interface FlowTask {
  readonly name: string;
  /** Of `flow`. */
  readonly args: readonly string[];
  readonly detail: string;
  readonly group?: "build" | "test";
  /** It goes on until it is stopped. */
  readonly watches?: true;
}

export const taskType = "flow";

export const flowTasks: readonly FlowTask[] = [
  { name: "check", args: ["check"], detail: "Checks every .flow file of the folder.", group: "build" },
  { name: "watch", args: ["check", "--watch"], detail: "Checks again on every change.", group: "build", watches: true },
  {
    name: "compile",
    // The editor puts in the file in front.
    args: ["compile", "${file}"],
    detail: "Compiles the file in front to a Pipeline resource and runtime configs.",
    group: "build",
  },
  { name: "test", args: ["test"], detail: "Runs every test of the folder.", group: "test" },
];

/** What stands in tasks.json: `{ "type": "flow", "task": "check", "args": ["--max-warnings", "0"] }`. */
export interface FlowTaskDefinition {
  readonly type: string;
  readonly task: string;
  readonly args?: readonly string[];
}

/** The command line of a definition; a task of another name is a command of `flow` as it is. */
export function argsOf({ task, args }: FlowTaskDefinition): readonly string[] {
  const known = flowTasks.find(({ name }) => name === task);
  return [...(known?.args ?? [task]), ...(args ?? [])];
}
