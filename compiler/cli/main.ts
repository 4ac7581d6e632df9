/** The `flow` command. */
export {};
