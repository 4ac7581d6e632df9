/** How a command was called, beside its arguments. */
import type { CancellationToken, ProgressToken } from "vscode-languageserver";

export interface CommandCall {
  readonly token: CancellationToken;
  readonly workDoneToken?: ProgressToken;
}
