/** Widths of texts in the fonts that `graph.css` gives to the cards. */
import type { Measure } from "../layout-input.ts";

export function measure(): Measure {
  const context = document.createElement("canvas").getContext("2d");
  const style = getComputedStyle(document.body);
  const code = style.getPropertyValue("--vscode-editor-font-family") || "monospace";
  const widths = (font: string) => {
    const known = new Map<string, number>();
    return (text: string): number => {
      let width = known.get(text);
      if (width === undefined) {
        if (context) context.font = font;
        width = context?.measureText(text).width ?? text.length * 7;
        known.set(text, width);
      }
      return width;
    };
  };
  return {
    name: widths(`600 13px ${style.fontFamily}`),
    small: widths(`12px ${style.fontFamily}`),
    code: widths(`11px ${code}`),
  };
}
