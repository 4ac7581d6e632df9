/** Classes of characters, by their UTF-16 code. Knows no tokens. */

export const kinds = { other: 0, space: 1, newline: 2, letter: 3, digit: 4, quote: 5, punctuation: 6 } as const;

/** The class of each ASCII character. */
export const classOf = new Uint8Array(128);
for (let c = 0; c < 128; c++) {
  const character = String.fromCharCode(c);
  if (character === " " || character === "\t" || character === "\f" || character === "\v") classOf[c] = kinds.space;
  else if (character === "\n" || character === "\r") classOf[c] = kinds.newline;
  else if (/[A-Za-z_]/.test(character)) classOf[c] = kinds.letter;
  else if (/[0-9]/.test(character)) classOf[c] = kinds.digit;
  else if (character === '"' || character === "'" || character === "`") classOf[c] = kinds.quote;
  else if ("{}()[],:.?=|!<>&+-*/%;".includes(character)) classOf[c] = kinds.punctuation;
}

export const isWordCode = (c: number): boolean =>
  c < 128 && (classOf[c] === kinds.letter || classOf[c] === kinds.digit);
export const isDigit = (c: number): boolean => c >= 48 && c <= 57;
export const isSpace = (c: number): boolean =>
  c === 0xa0 || c === 0x2028 || c === 0x2029 || c === 0xfeff || c === 0x3000 || (c >= 0x2000 && c <= 0x200b);
export const isQuote = (c: number): boolean =>
  c === 0x201c || c === 0x201d || c === 0x201e || c === 0x2018 || c === 0x2019;
