/** Drawings as text: SVG that the page, paper and a file alike draw, in the page's colours. */

/** What any chart needs besides its data. Lengths are CSS pixels at the chart's own size. */
export interface ChartLook {
  /** Unique within the document: names and patterns of the drawing are told apart by it. */
  readonly id: string;
  readonly width: number;
  /** Says what the chart answers: its accessible name. */
  readonly title: string;
  /** What is seen, in words: the accessible description. */
  readonly description: string;
}

type Attributes = Readonly<Record<string, string | number | null | undefined>>;

/** As text of XML and of HTML, between tags and within quotes. */
export function escaped(text: string): string {
  return text
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll('"', "&quot;");
}

/** What is closed where it begins, as HTML has it too; an empty `<p/>` would be left open by it. */
const withoutContent = new Set(["path", "rect", "circle", "line", "input", "meta", "link"]);

/** An element; `content` is markup. Attributes that are `null` or `undefined` are left out, numbers rounded to a tenth. */
export function element(name: string, attributes: Attributes, content = ""): string {
  const said = Object.entries(attributes)
    .filter(([, value]) => value !== null && value !== undefined)
    .map(([key, value]) => ` ${key}="${typeof value === "number" ? tenth(value) : escaped(value!)}"`)
    .join("");
  return withoutContent.has(name) ? `<${name}${said}/>` : `<${name}${said}>${content}</${name}>`;
}

/** Rounded to a tenth of a pixel, which is finer than paper. */
export function tenth(n: number): number {
  return Math.round(n * 10) / 10 + 0;
}

/** The roles of look.md as paint: the document's own colours, or those of daylight where it has none. */
export const paint = {
  ink0: "var(--ink0, #080c0f)",
  ink1: "var(--ink1, #1a1f24)",
  ink2: "var(--ink2, #43484e)",
  ink3: "var(--ink3, #60656b)",
  line: "var(--line, #d7d9dc)",
  edge: "var(--edge, #82878c)",
  band: "var(--band, #e1e4e8)",
  page: "var(--page, #ffffff)",
} as const;

/** The size of text in charts: none is smaller. */
export const textSize = 13;

export interface TextLook {
  readonly fill?: string;
  readonly anchor?: "start" | "middle" | "end";
  readonly weight?: 400 | 600;
  readonly size?: number;
  /** The colour that keeps away what lies under it. */
  readonly halo?: string;
}

/** A line of text whose baseline begins, ends or is centred at `x`, `y`. */
export function label(x: number, y: number, text: string, look: TextLook = {}): string {
  const { fill = paint.ink3, anchor = "start", weight = 400, size = textSize, halo } = look;
  return element(
    "text",
    {
      x,
      y,
      fill,
      "font-size": size,
      "font-weight": weight === 400 ? null : weight,
      "text-anchor": anchor === "start" ? null : anchor,
      ...(halo === undefined
        ? {}
        : { stroke: halo, "stroke-width": 3, "paint-order": "stroke", "stroke-linejoin": "round" }),
    },
    escaped(text),
  );
}

/** The hatch that says "not known", for `fill`; `hatchPattern` has to be in the drawing. */
export function hatch(id: string): string {
  return `url(#${id}-hatch)`;
}

export function hatchPattern(id: string): string {
  const pattern = {
    id: `${id}-hatch`,
    width: 6,
    height: 6,
    patternUnits: "userSpaceOnUse",
    patternTransform: "rotate(45)",
  };
  const stroke = element("line", { x1: 0, y1: 0, x2: 0, y2: 6, stroke: paint.edge, "stroke-width": 2 });
  return element("defs", {}, element("pattern", pattern, stroke));
}

/** A whole drawing, read as one image with a name and a description. */
export function drawing(
  { id, width, title, description }: ChartLook,
  height: number,
  content: string,
): string {
  const named = element("title", { id: `${id}-title` }, escaped(title));
  const described = description === "" ? "" : element("desc", { id: `${id}-desc` }, escaped(description));
  return element(
    "svg",
    {
      xmlns: "http://www.w3.org/2000/svg",
      role: "img",
      "aria-labelledby": `${id}-title`,
      "aria-describedby": description === "" ? null : `${id}-desc`,
      viewBox: `0 0 ${tenth(width)} ${tenth(height)}`,
      width,
      height,
    },
    named + described + content,
  );
}
