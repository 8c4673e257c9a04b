/** Apache Parquet, a row group for each question that was answered; what it is about stands in the file's metadata. */

import {
  ByteWriter,
  ParquetWriter,
  schemaFromColumnData,
  type BasicType,
  type ColumnSource,
} from "hyparquet-writer";
import { exportColumns, type AboutLine, type ExportBlock } from "./export-table.ts";

const columnTypes: Readonly<Record<(typeof exportColumns)[number], BasicType>> = {
  indicator: "STRING",
  group: "STRING",
  at: "TIMESTAMP",
  value: "DOUBLE",
  min: "DOUBLE",
  max: "DOUBLE",
  state: "STRING",
  reason: "STRING",
};

/** A row group is written when it has so many rows: readers like few and large ones. */
const rowsOfGroup = 100_000;

export async function* parquetOf(
  about: readonly AboutLine[],
  blocks: AsyncIterable<ExportBlock>,
): AsyncGenerator<Uint8Array> {
  const writer = new ByteWriter();
  const parquet = new ParquetWriter({
    writer,
    schema: schemaFromColumnData({ columnData: columnsOf([]) }),
    kvMetadata: about.map(([key, value]) => ({ key, value })),
    createdBy: "Citydeck",
  });
  let waiting: ExportBlock[] = [];
  let rows = 0;
  for await (const block of blocks) {
    waiting.push(block);
    rows += block.points.length;
    if (rows < rowsOfGroup) continue;
    await parquet.write({ columnData: columnsOf(waiting), rowGroupSize: rows });
    [waiting, rows] = [[], 0];
    yield drained(writer);
  }
  if (rows > 0) await parquet.write({ columnData: columnsOf(waiting), rowGroupSize: rows });
  await parquet.finish();
  yield drained(writer);
}

function columnsOf(blocks: readonly ExportBlock[]): ColumnSource[] {
  const rows = blocks.flatMap(({ indicator, group, points }) =>
    points.map((point) => ({ ...point, indicator, group, at: new Date(point.at) })),
  );
  return exportColumns.map((name) => ({ name, type: columnTypes[name], data: rows.map((row) => row[name]) }));
}

/** What was written since the last time; places in the file go on counting. */
function drained(writer: ByteWriter): Uint8Array {
  const bytes = writer.getBytes().slice();
  writer.index = 0;
  return bytes;
}
