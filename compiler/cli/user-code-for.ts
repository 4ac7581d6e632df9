/** The way to programs of users, loaded only for pipelines that have some. */
import { isProgram } from "../../runtime/engine/is-program.ts";
import type { OpenUserCode } from "../../runtime/user-code/user-code.ts";
import type { RuntimeConfig } from "../contract/runtime-config.ts";

export async function userCodeFor({ nodes }: RuntimeConfig): Promise<OpenUserCode | undefined> {
  if (!nodes.some((node) => node.kind === "step" && node.operators.some(isProgram))) return undefined;
  return (await import("../../runtime/user-code/open.ts")).openUserCode;
}
