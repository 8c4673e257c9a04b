/** A text's width in pixels, nearly: CJK is square, the rest a little over half. */
export function textWidth(text: string, size: number): number {
  let width = 0;
  for (const letter of text) width += letter > "\u2e7f" ? size : size * 0.56;
  return width;
}
