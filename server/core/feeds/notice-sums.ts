import type { Spec } from "../../../shared/feed.ts";
import type { Notice } from "../../../shared/notice.ts";
import { findRule } from "./rules.ts";

/** How often notices of a feed are errors, warnings, and doubts about its times, as a grade asks it. */
export function noticeSums(
  spec: Spec,
  notices: readonly Notice[],
): { readonly errors: number; readonly warnings: number; readonly timeFaults: number } {
  const sum = (isMeant: (notice: Notice) => boolean): number =>
    notices.filter(isMeant).reduce((total, { count }) => total + count, 0);
  return {
    errors: sum(({ severity }) => severity === "error"),
    warnings: sum(({ severity }) => severity === "warning"),
    timeFaults: sum(({ severity, code }) => severity !== "info" && findRule(spec, code)?.about === "time"),
  };
}
