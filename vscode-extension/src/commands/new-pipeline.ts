/** `Flow: New Pipeline`: an untitled document to begin with. */
import * as vscode from "vscode";
import { pipelineTemplate } from "./pipeline-template.ts";

export async function newPipeline(): Promise<void> {
  const document = await vscode.workspace.openTextDocument({ language: "flow", content: pipelineTemplate });
  await vscode.window.showTextDocument(document);
}
