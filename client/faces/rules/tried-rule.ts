/** The rule as it is tried while it is being written. Pure. */

import { parse, type ParseError } from "jsonc-parser";

type Json = Readonly<Record<string, unknown>>;

/**
 * The file's text as JSON; `null` where it is none yet. What people have still to say changes nothing of when it is an
 * alarm: where that is empty something stands for it, so that the rule can be tried before it is whole.
 */
export function triedRule(draft: string): string | null {
  const errors: ParseError[] = [];
  const file = parse(draft, errors) as unknown;
  if (errors.length > 0 || typeof file !== "object" || file === null || Array.isArray(file)) return null;
  const { title, consequence, response, ...rest } = file as Json;
  const { text, ...more } = (response ?? {}) as Json;
  return JSON.stringify({
    ...rest,
    title: said(title),
    consequence: said(consequence),
    response: { ...more, text: said(text) },
  });
}

function said(text: unknown): Json {
  const { en, zh } = (text ?? {}) as Json;
  return { en: en || "–", zh: zh || "–" };
}
