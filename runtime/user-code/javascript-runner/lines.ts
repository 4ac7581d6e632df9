/** Text in pieces, cut into lines. */

export function lineCutter(line: (text: string) => void): (piece: string) => void {
  let rest = "";
  return (piece) => {
    let from = 0;
    for (let end = piece.indexOf("\n"); end >= 0; end = piece.indexOf("\n", from)) {
      const text = rest + piece.slice(from, end);
      rest = "";
      from = end + 1;
      line(text);
    }
    rest += piece.slice(from);
  };
}
