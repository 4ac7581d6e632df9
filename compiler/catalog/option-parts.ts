/** What options of several connectors have in common. */
import type { OptionLimit, OptionRow, Role } from "./rows.ts";

export const notEmpty: OptionLimit = { says: "a text that is not empty", pattern: /.+/s };

/** The option in these roles alone. */
export const only = (roles: readonly Role[], option: OptionRow): OptionRow => ({ ...option, roles });
