/** Options for a table that nobody has described yet, by the names of its columns and what stands in them. */

import type { Part } from "../connector.ts";
import { LocalTimes, dateReader } from "../date-text.ts";
import { Notices } from "../../../../shared/notice.ts";
import type { EntityRule, PlaceRule, TableOptions } from "./options.ts";
import { readSheet, type Sheet } from "./sheet.ts";

/** Rows that are looked at. */
const sampled = 200;
const formats = [
  "ISO",
  "epoch-seconds",
  "epoch-milliseconds",
  "MM/DD/YYYY hh:mm:ss A",
  "MM/DD/YYYY HH:mm",
  "DD.MM.YYYY HH:mm",
];

/** Options that read the table as things of kind Sensor; a text says what kept them from being guessed. */
export function guessTable(part: Part): TableOptions | string {
  const sheet = readSheet(part, { entities: [] }, [], new Notices());
  if (!sheet.ok) return sheet.failure.message;
  const { header, rows } = sheet.value;
  if (header.length < 2 || rows.length === 0)
    return "no table: expected a header of two columns or more, and rows";
  const id = findId(sheet.value);
  if (id === null)
    return `no column of ${header.slice(0, 8).join(", ")} has another value in every row, expected an id`;
  const time = findTime(sheet.value);
  const position = findPlace(header);
  const rule: EntityRule = {
    kind: "Sensor",
    id: [id],
    fields: {},
    ...(time === null ? {} : { observedAt: [time.column] }),
    ...(position === null ? {} : { position }),
  };
  return { ...(time === null ? {} : { time: { format: time.format } }), entities: [rule] };
}

/** A column with another value in every row, one that is called an id before others. */
function findId(sheet: Sheet): string | null {
  const unique = sheet.header.filter((_column, i) => {
    const cells = valuesOf(sheet, i);
    return cells.length === Math.min(sheet.rows.length, sampled) && new Set(cells).size === cells.length;
  });
  return (
    unique.find((column) => /(^|[^a-z])(id|key|number|no|nr|code|guid|uuid)$|id$|编号|编码/i.test(column)) ??
    unique[0] ??
    null
  );
}

/** A column whose every value is a time in one form. */
function findTime(sheet: Sheet): { column: string; format: string } | null {
  const named = sheet.header
    .map((column, i) => ({ column, i }))
    .filter(({ column }) => /[Tt]ime|TIME|[Dd]ate|DATE|_at$|[a-z]At$|时间|日期/.test(column));
  for (const { column, i } of named) {
    const cells = valuesOf(sheet, i);
    const format = formats.find((one) => {
      const reader = dateReader(one, new LocalTimes("UTC"));
      return cells.length > 0 && cells.every((cell) => reader.read(cell) !== null);
    });
    if (format !== undefined) return { column, format };
  }
  return null;
}

function findPlace(header: readonly string[]): PlaceRule | null {
  const lon = header.find((column) => /^(lon|long|lng|longitude|经度)$/i.test(column));
  const lat = header.find((column) => /^(lat|latitude|纬度)$/i.test(column));
  return lon === undefined || lat === undefined ? null : { lon, lat };
}

function valuesOf({ rows }: Sheet, i: number): string[] {
  return rows.slice(0, sampled).flatMap((row) => (row[i] ? [row[i]] : []));
}
