/** What a city folder has, for checking what its files name. */

import type { Kind } from "../../shared/kinds.ts";
import { nearestWord } from "./fault.ts";
import type { FeedFile } from "./feed-schema.ts";
import type { Loaded } from "./folder-files.ts";
import type { IndicatorFile } from "./indicator-schema.ts";
import type { RuleFile } from "./rule-schema.ts";

/** What cross-references may name. `ids` are those of all files, also of those with faults of their own. */
export interface Known {
  /** `null` when the file itself is wrong: then nobody is blamed for naming a department. */
  readonly departments: ReadonlySet<string> | null;
  readonly suppliers: ReadonlySet<string> | null;
  readonly feeds: { readonly ids: ReadonlySet<string>; readonly loaded: readonly LoadedFeed[] };
  readonly indicators: {
    readonly ids: ReadonlySet<string>;
    readonly loaded: readonly Loaded<IndicatorFile>[];
  };
  readonly rules: { readonly ids: ReadonlySet<string>; readonly loaded: readonly Loaded<RuleFile>[] };
  /** Ids of roles, whatever is wrong with them. */
  readonly roles: ReadonlySet<string>;
  /** Ids of briefings, whatever is wrong with them. */
  readonly briefings: ReadonlySet<string>;
  /** Level → ids of its areas. */
  readonly areas: ReadonlyMap<string, ReadonlySet<string>>;
}

/** A feed and the kinds that its spec and options give; `null` while its spec has no connector. */
export interface LoadedFeed extends Loaded<FeedFile> {
  readonly gives: readonly Kind[] | null;
}

/** `a department of departments.json, perhaps "sfmta"` */
export function oneOf(what: string, word: string, known: Iterable<string>): string {
  const near = nearestWord(word, known);
  return near ? `${what}, perhaps "${near}"` : what;
}
