/**
 * The expressions that @marcbachmann/cel-js (MIT) measures itself with in its `benchmark/suites`, and data for them. Left
 * out: those with host or asynchronous functions, those that end in an error, a few that repeat another one, and the nested
 * map with a timestamp in it. The authorization check asks for fields that its data has, so that all of it is evaluated.
 */
import type { ValueType } from "../compiler/contract/value-type.ts";

export interface ExpressionCase {
  readonly name: string;
  readonly expression: string;
  readonly variables: Readonly<Record<string, unknown>>;
}

const items = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10];
const user = { name: "John Doe", profile: { settings: { theme: "dark" } } };
const subscriber = { premium: true, subscription: { plan: "pro", expiresAt: new Date("2025-01-01") } };
const editor = { id: 123n, isActive: true, emailVerified: true, role: "editor", lastActivity: 1000n };

function row(name: string, expression: string, variables: Readonly<Record<string, unknown>> = {}): ExpressionCase {
  return { name, expression, variables };
}

export const expressionCases: readonly ExpressionCase[] = [
  row("number", "42"),
  row("string", '"hello world"'),
  row(
    "concat literals",
    '"hello world" + "hello world" + "hello world" + "hello world" + "hello world" + "hello world"',
  ),
  row("concat variables", "text + text + text + text + text + text", { text: "hello world" }),
  row("hex sum", "0x01 + 0x02 + 0x03 + 0x04 + 0x05 + 0x06 + 0x07 + 0x08"),
  row("double sum", "1.0 + 1.0 + 1.0 + 1.0 + 1.0 + 1.0 + 1.0 + 1.0"),
  row("long ints", "12345678901234567 + 12345678901234567 + 12345678901234567 + 12345678901234567"),
  row("arithmetic", "1 + 2 * 2"),
  row("arithmetic, int variables", "x + y * 2", { x: 1n, y: 2n }),
  row("arithmetic, doubles", "(10.0 + 20.0) * 5.0 - 100.0 / 4.0"),
  row("arithmetic, ints", "(10 + 20) * 5 - 100 / 4"),
  row("arithmetic, double variables", "(a + b) * c - d / e", { a: 10, b: 20, c: 5, d: 100, e: 4 }),
  row("int variable", "x", { x: 1n }),
  row("field", "user.name", { user }),
  row("deep field", "user.profile.settings.theme", { user }),
  row("deep field, brackets", 'user["profile"]["settings"]["theme"]', { user }),
  row("list index", "items[2]", { items: ["first", "second", "third"] }),
  row("membership", '"admin" in roles', { roles: ["user", "admin", "moderator"] }),
  row("list of 5", "[1, 2, 3, 4, 5]"),
  row("list of 32", `[${Array.from({ length: 32 }, (_, index) => index + 1).join(", ")}]`),
  row("map", '{"foo": 1, "bar": 2, "baz": 3, "test": 4}'),
  row("list of maps", "pipelines[1].stats.failures[0].code", {
    pipelines: [
      { name: "daily-etl", stats: { failures: [{ code: "NONE", retryable: false }] } },
      { name: "realtime-sync", stats: { failures: [{ code: "NETWORK_TIMEOUT", retryable: true }] } },
    ],
  }),
  row("map access", 'config["timeout"] > 30 && config["retries"] <= 3', { config: { timeout: 60n, retries: 2n } }),
  row("logic", "a && b || c", { a: true, b: false, c: true }),
  row("logic, literals", "false || false || false || false || false || true"),
  row("range check", "age >= 18 && age < 65", { age: 25n }),
  row("nested ternary", 'score >= 90 ? "A" : score >= 80 ? "B" : score >= 70 ? "C" : "F"', { score: 85n }),
  row("complex logic", 'user.isActive && ("admin" in user.roles || "moderator" in user.roles)', {
    user: { isActive: true, roles: ["admin", "user"] },
  }),
  row(
    "authorization",
    '(user.role == "admin" || (has(user.lastActivity) && user.lastActivity < 3600 && resource.status != "archived")) && has(user.isActive) && user.role.endsWith("itor")',
    { user: editor, resource: { status: "published" } },
  ),
  row("upperAscii", '"John Doe".upperAscii()'),
  row("string methods", 'name.startsWith("John") && email.endsWith("@example.com")', {
    name: "John Doe",
    email: "john@example.com",
  }),
  row("function calls", 'size(items) > 0 && string(count) == "5"', { items: [1, 2, 3], count: 5n }),
  row("regex", 'email.matches("^[a-z0-9._%+-]+@example[.]com$")', { email: "john.doe@example.com" }),
  row("map macro", "items.map(x, x + 1.0)", { items }),
  row("map 5 times", "items.map(x, x).map(x, x).map(x, x).map(x, x).map(x, x)", { items }),
  row("filter", "items.filter(x, x > 5.0)", { items }),
  row("filter and map", "items.filter(x, x > 5.0).map(x, x + 1.0)", { items }),
  row("map with filter", "items.map(x, x > 5.0, x + 1.0)", { items }),
  row(
    "has",
    'has(user.premium) && has(user.subscription.plan) && has(user.subscription.expiresAt) && user.subscription.expiresAt > timestamp("2024-01-01T00:00:00Z")',
    { user: subscriber },
  ),
  row(
    "mixed",
    'has(user.premium) && user.premium && (user.subscription.plan in ["pro", "enterprise"]) && user.subscription.expiresAt > timestamp("2024-01-01T00:00:00Z")',
    { user: subscriber },
  ),
];

/** The type that a source would declare for such a value. In the data a bigint is an int and a number a double, as in the libraries. */
export function declaredType(value: unknown): ValueType {
  if (typeof value === "bigint") return { kind: "int" };
  if (typeof value === "number") return { kind: "double" };
  if (typeof value === "string") return { kind: "string" };
  if (typeof value === "boolean") return { kind: "bool" };
  if (value instanceof Date) return { kind: "timestamp" };
  if (Array.isArray(value))
    return { kind: "list", element: value.length === 0 ? { kind: "any" } : declaredType(value[0]) };
  const fields = Object.entries(value as Readonly<Record<string, unknown>>).map(([name, item]) => ({
    name,
    type: declaredType(item),
    optional: false,
  }));
  return { kind: "record", fields };
}
