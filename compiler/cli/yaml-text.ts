/** YAML of params. A module of its own, so that the YAML library is loaded only by those who give a file of params. */
import { parse } from "yaml";

/** @throws Error when it is no YAML. Integers are bigint, so that no digit is lost. */
export const parseYaml = (text: string): unknown => parse(text, { intAsBigInt: true, maxAliasCount: 100 });
