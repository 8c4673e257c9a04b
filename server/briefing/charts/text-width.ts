/** How wide a text will be where nothing can measure it: advance widths of IBM Plex Sans, a little on the wide side. */

/** In ems; what is not named is as wide as a figure. */
const widths: Readonly<Record<string, number>> = {};
for (const [characters, width] of [
  ["ijl.,:;'|!· ", 0.3],
  ["frtI()[]-/", 0.41],
  ["csxyzkvJ", 0.54],
  ["abdeghnopquLFET", 0.61],
  ["ABCKPRSVXYZDGHNUOQ&w", 0.7],
  ["mMW%@—", 0.95],
] as const)
  for (const character of characters) Object.assign(widths, { [character]: width });

const figure = 0.61;
/** Chinese characters and full-width signs fill a square. */
const square =
  /[\u1100-\u11ff\u2e80-\u9fff\uac00-\ud7af\uf900-\ufaff\ufe30-\ufe4f\uff00-\uff60\uffe0-\uffe6\u{20000}-\u{3fffd}]/u;

/** Pixels that a line of text takes at a font size; bold takes a little more. */
export function textWidth(text: string, size: number, weight: 400 | 600 = 400): number {
  let ems = 0;
  for (const character of text) ems += square.test(character) ? 1 : (widths[character] ?? figure);
  return ems * size * (weight === 600 ? 1.06 : 1);
}

/** The text as far as it has room, with an ellipsis where it has not. */
export function fitted(text: string, room: number, size: number, weight: 400 | 600 = 400): string {
  if (textWidth(text, size, weight) <= room) return text;
  const characters = Array.from(text);
  while (characters.length > 1 && textWidth(`${characters.join("")}…`, size, weight) > room) characters.pop();
  return `${characters.join("").trimEnd()}…`;
}
