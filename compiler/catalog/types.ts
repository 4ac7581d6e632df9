/** The built-in types, as written in a type expression. */
export interface TypeRow {
  readonly name: string;
  readonly doc: string;
  /** How a value is written in JSON. */
  readonly json: string;
  readonly example: string;
}

export const types: readonly TypeRow[] = [
  { name: "string", doc: "Text, in Unicode.", json: "a string", example: '"abc"' },
  {
    name: "int",
    doc: "A whole number of 64 bits. Overflow is an error, never a wrong result.",
    json: "a number without fraction or exponent",
    example: "42",
  },
  { name: "double", doc: "A floating-point number (IEEE 754, 64 bits).", json: "a number", example: "1.5" },
  { name: "bool", doc: "True or false.", json: "true or false", example: "true" },
  {
    name: "timestamp",
    doc: "An instant, to the nanosecond.",
    json: "a string in RFC 3339",
    example: 'timestamp("2026-01-01T00:00:00Z")',
  },
  { name: "duration", doc: "A length of time, to the nanosecond.", json: 'a string such as "90s"', example: "1m30s" },
  { name: "bytes", doc: "Bytes.", json: "a string in base64", example: 'b"abc"' },
  {
    name: "uint",
    doc: "A whole number of 64 bits without sign.",
    json: "a number without sign, fraction or exponent",
    example: "42u",
  },
  { name: "null", doc: "Only null; in unions: `string | null`.", json: "null", example: "null" },
  {
    name: "any",
    doc: "Any value. What is done with it is checked when it runs.",
    json: "anything",
    example: "data.payload",
  },
];

export const typeByName: ReadonlyMap<string, TypeRow> = new Map(types.map((row) => [row.name, row]));
