/** What the engine needs of Node: JSON that keeps the digits of numbers. */
import { UsageError } from "./exit.ts";

const oldestNode = 22;

/** @throws UsageError */
export function mustBeNewEnough(command: string): void {
  if (Number(process.versions.node.split(".")[0]) >= oldestNode) return;
  throw new UsageError(
    `'${command}' needs Node ${oldestNode} or newer; this is Node ${process.versions.node}.`,
    `In a project that has the package 'node', 'npx ${command} …' takes that one.`,
  );
}
