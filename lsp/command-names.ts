/** The commands that a client may ask the server to execute. */

export const commandNames = ["flow.preview", "flow.graph", "flow.tests", "flow.runTests", "flow.runHere"] as const;
export type ServerCommand = (typeof commandNames)[number];

/** Commands of the client, that lenses refer to: only those it says it has, in `capabilities.experimental.commands`. */
export const clientCommands = { run: "flow.run", test: "flow.test", neighbours: "flow.showNeighbours" } as const;
