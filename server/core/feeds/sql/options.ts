import type { TableOptions } from "../table/options.ts";

/** What the columns of a query's result become: the rules of `table`, without what is about files. */
export type SqlOptions = Pick<TableOptions, "time" | "absent" | "where" | "entities">;
