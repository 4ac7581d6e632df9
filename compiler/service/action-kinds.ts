/** All kinds of code actions, as editors ask for them: `refactor.extract` asks for all that begin so. */
import { refactoringKinds } from "./refactor/kinds.ts";

export const codeActionKinds = [
  "quickfix",
  ...refactoringKinds,
  "source.fixAll.flow",
  "source.organizeImports",
] as const;
