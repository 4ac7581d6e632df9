/** What a refactoring offers: a title at once, and its edits when it is chosen. Or the reason why it cannot be done here. */
import type { Span } from "../../source/span.ts";
import type { Edit } from "../types.ts";
import type { Analysis, Workspace } from "../workspace.ts";
import type { RefactoringKind } from "./kinds.ts";

export interface Refactoring {
  readonly title: string;
  readonly kind: RefactoringKind;
  /** In a sentence: why it is not possible here. There are no edits then. */
  readonly disabled?: string;
  /** The edits as they come to mind: they are laid out and checked afterwards. */
  readonly edits: () => readonly Edit[];
  /** Asked for when those would leave a mistake. */
  readonly plainer?: () => readonly Edit[];
}

/** Where the editor stands: a selection, or a cursor when it is empty. */
export interface Place {
  readonly ws: Workspace;
  readonly path: string;
  readonly span: Span;
  readonly analysis: Analysis;
  readonly text: string;
}

/** Looks whether there is something to be done at a place. Cheap: asked whenever the cursor moves. */
export type Refactorer = (place: Place) => readonly Refactoring[];

export const impossible = (title: string, kind: RefactoringKind, disabled: string): Refactoring => ({
  title,
  kind,
  disabled,
  edits: () => [],
});
