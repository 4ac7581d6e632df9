/** Commands of the extension that code lenses of the server may call; the server is told of them. */
export const lensCommands = ["flow.run", "flow.test", "flow.showNeighbours"] as const;
