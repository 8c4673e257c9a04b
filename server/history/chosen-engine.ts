/** A ClickHouse server, where the installation has one, else the history is a file; its address holds a password. */
export function clickHouseServer(): string | undefined {
  return process.env["CITYDECK_CLICKHOUSE"];
}
