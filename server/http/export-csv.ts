import { exportColumns, type AboutLine, type ExportBlock } from "./export-table.ts";

const encoder = new TextEncoder();
const lineEnd = "\r\n";

/** RFC 4180 in UTF-8, after comment lines that begin with `#`. */
export async function* csvOf(
  about: readonly AboutLine[],
  blocks: AsyncIterable<ExportBlock>,
): AsyncGenerator<Uint8Array> {
  const comments = about.map((line) => `# ${line.join(": ").replace(/[\r\n]+/g, " ")}`);
  yield encoder.encode([...comments, exportColumns.join(","), ""].join(lineEnd));
  for await (const { indicator, group, points } of blocks) {
    const series = `${field(indicator)},${field(group)}`;
    const lines = points.map(
      ({ at, value, min, max, state, reason }) =>
        `${series},${new Date(at).toISOString()},${value ?? ""},${min ?? ""},${max ?? ""},${state},${reason ?? ""}${lineEnd}`,
    );
    yield encoder.encode(lines.join(""));
  }
}

/** A text of somebody's data; a spreadsheet must not take it for a formula. */
export function field(text: string | null): string {
  const guarded = /^[=+\-@\t\r]/.test(text ?? "") ? `'${text}` : (text ?? "");
  return /[",\r\n]/.test(guarded) ? `"${guarded.replaceAll('"', '""')}"` : guarded;
}
