/** Tables of rows, CSV or JSON, whose columns the feed declares. */

import { Notices } from "../../../../shared/notice.ts";
import { fail, ok, type Result } from "../../../../shared/result.ts";
import type { Connector, ConnectorFeed, Failure, Part, Update } from "../connector.ts";
import { Cells } from "./cells.ts";
import { columnNames } from "./columns.ts";
import { faultsText, tableFaults } from "./faults.ts";
import { publishedAtOf } from "./file-name.ts";
import type { TableOptions } from "./options.ts";
import { playTable } from "./play.ts";
import { RowNotices } from "./row-notices.ts";
import { readSheet, type Sheet } from "./sheet.ts";
import { readThings, thingRule } from "./things.ts";

export const table: Connector<TableOptions> = {
  spec: "table",
  gives: (options) => [...new Set(options.entities.map((rule) => rule.kind))],
  next: (feed) => (feed.url === null ? [] : [{ name: "body", url: feed.url }]),
  decode: decodeTable,
  play: playTable,
};

function decodeTable(
  part: Part,
  feed: ConnectorFeed<TableOptions>,
  receivedAt: number,
): Result<Update, Failure> {
  const { options } = feed;
  const faults = tableFaults(options);
  if (faults.length > 0) return fail({ class: "unreadable", message: `options: ${faultsText(faults)}` });
  const notices = new Notices();
  const sheet = readSheet(part, options, columnNames(options), notices);
  if (!sheet.ok) return sheet;
  return ok(sheetUpdate(part.name, sheet.value, feed, notices, receivedAt));
}

/** What the rules of the options make of a sheet, wherever its rows came from. */
export function sheetUpdate(
  partName: string,
  sheet: Sheet,
  feed: ConnectorFeed<TableOptions>,
  notices: Notices,
  receivedAt: number,
): Update {
  const { options, zone } = feed;
  const report = new RowNotices(notices, feed.spec, partName);
  const cells = new Cells(sheet.columns, options, zone);
  const publishedAt = publishedAtOf(sheet.fileNames, options, zone);
  const reading = { rows: sheet.rows, report, publishedAt, receivedAt };
  const rules = options.entities.map((rule) => thingRule(rule, cells, feed));
  return {
    mode: options.mode ?? "full",
    scope: partName,
    version: null,
    publishedAt,
    entities: readThings(rules, reading),
    observations: [],
    notices: notices.list(),
  };
}
