/** The kinds of refactorings, as editors sort them: `refactor.extract` asks for all that begin so. */
export const refactoringKinds = [
  "refactor.extract.function",
  "refactor.extract.param",
  "refactor.extract.type",
  "refactor.inline",
  "refactor.rewrite.split",
  "refactor.rewrite.type",
  "refactor.rewrite.dead_letter",
  "refactor.rewrite.test",
] as const;
export type RefactoringKind = (typeof refactoringKinds)[number];
