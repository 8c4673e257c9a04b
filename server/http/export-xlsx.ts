/** Office Open XML (ECMA-376) of two sheets, `about` and `data`, written as the rows come. */

import { strToU8, Zip, ZipDeflate } from "fflate";
import { exportColumns, type AboutLine, type ExportBlock } from "./export-table.ts";

/** Of a sheet, its header included (ECMA-376 as spreadsheets implement it). */
export const mostXlsxRows = 1_048_576;

const head = `<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n`;
const main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
const office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
const packaged = "http://schemas.openxmlformats.org/package/2006";
const types = "application/vnd.openxmlformats-officedocument.spreadsheetml";
const sheets = ["about", "data"] as const;

const fixedParts: Readonly<Record<string, string>> = {
  "[Content_Types].xml":
    `<Types xmlns="${packaged}/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>` +
    `<Override PartName="/xl/workbook.xml" ContentType="${types}.sheet.main+xml"/>` +
    sheets
      .map(
        (_, i) =>
          `<Override PartName="/xl/worksheets/sheet${i + 1}.xml" ContentType="${types}.worksheet+xml"/>`,
      )
      .join("") +
    `</Types>`,
  "_rels/.rels":
    `<Relationships xmlns="${packaged}/relationships">` +
    `<Relationship Id="rId1" Type="${office}/officeDocument" Target="xl/workbook.xml"/></Relationships>`,
  "xl/workbook.xml":
    `<workbook xmlns="${main}" xmlns:r="${office}"><sheets>` +
    sheets.map((name, i) => `<sheet name="${name}" sheetId="${i + 1}" r:id="rId${i + 1}"/>`).join("") +
    `</sheets></workbook>`,
  "xl/_rels/workbook.xml.rels":
    `<Relationships xmlns="${packaged}/relationships">` +
    sheets
      .map(
        (_, i) =>
          `<Relationship Id="rId${i + 1}" Type="${office}/worksheet" Target="worksheets/sheet${i + 1}.xml"/>`,
      )
      .join("") +
    `</Relationships>`,
};

type Cell = string | number | null;

export async function* xlsxOf(
  about: readonly AboutLine[],
  blocks: AsyncIterable<ExportBlock>,
): AsyncGenerator<Uint8Array> {
  const ready: Uint8Array[] = [];
  const zip = new Zip((error, bytes) => {
    if (error) throw error;
    ready.push(bytes);
  });
  const begin = (name: string): ZipDeflate => {
    const part = new ZipDeflate(name, { level: 6 });
    zip.add(part);
    return part;
  };
  for (const [name, text] of Object.entries(fixedParts)) begin(name).push(strToU8(head + text), true);
  begin("xl/worksheets/sheet1.xml").push(strToU8(sheetHead + about.map(rowOf).join("") + sheetEnd), true);
  const data = begin("xl/worksheets/sheet2.xml");
  data.push(strToU8(sheetHead + rowOf(exportColumns)));
  for await (const { indicator, group, points } of blocks) {
    const rows = points.map(({ at, value, min, max, state, reason }) =>
      rowOf([indicator, group, new Date(at).toISOString(), value, min, max, state, reason]),
    );
    data.push(strToU8(rows.join("")));
    yield* ready.splice(0);
  }
  data.push(strToU8(sheetEnd), true);
  zip.end();
  yield* ready.splice(0);
}

const sheetHead = `${head}<worksheet xmlns="${main}"><sheetData>`;
const sheetEnd = `</sheetData></worksheet>`;

/** Texts stand as texts, never as formulas. */
function rowOf(cells: readonly Cell[]): string {
  return `<row>${cells.map(cellOf).join("")}</row>`;
}

function cellOf(cell: Cell): string {
  if (cell === null) return "<c/>";
  if (typeof cell === "number") return `<c><v>${cell}</v></c>`;
  return `<c t="inlineStr"><is><t xml:space="preserve">${escaped(cell)}</t></is></c>`;
}

/** XML 1.0 has no word for most control characters. */
function escaped(text: string): string {
  return (
    text
      .toWellFormed()
      // oxlint-disable-next-line no-control-regex -- they are what goes
      .replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g, " ")
      .replaceAll("&", "&amp;")
      .replaceAll("<", "&lt;")
      .replaceAll(">", "&gt;")
  );
}
