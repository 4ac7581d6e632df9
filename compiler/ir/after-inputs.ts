/** Topological order that keeps the given order where it can. Iterative, so that a long chain cannot exhaust the stack. */

/** Each item after its inputs; ties in the given order. On a cycle the item that closes it comes first. */
export function afterInputs<T>(items: readonly T[], inputsOf: (item: T) => readonly T[]): readonly T[] {
  const sorted: T[] = [];
  const seen = new Set<T>();
  for (const item of items) {
    if (seen.has(item)) continue;
    seen.add(item);
    const stack: { readonly item: T; readonly inputs: readonly T[]; next: number }[] = [
      { item, inputs: inputsOf(item), next: 0 },
    ];
    while (stack.length > 0) {
      const top = stack.at(-1)!;
      const input = top.inputs[top.next++];
      if (input !== undefined) {
        if (seen.has(input)) continue;
        seen.add(input);
        stack.push({ item: input, inputs: inputsOf(input), next: 0 });
        continue;
      }
      sorted.push(top.item);
      stack.pop();
    }
  }
  return sorted;
}
