/** Why a change to what people write was not taken. */

export interface Refusal<Why extends string> {
  readonly why: Why | "token" | "other";
  /** The server's own word; empty when it cannot be reached. */
  readonly reason: string;
}

/** RFC 9457: the type says which refusal, the detail what was expected. `known`: what the ends of types mean. */
export async function refusalOf<Why extends string>(
  answer: Response,
  known: Readonly<Record<string, Why>>,
): Promise<Refusal<Why>> {
  const said = (await answer.json().catch(() => ({}))) as { type?: string; detail?: string };
  const end = said.type?.replace("urn:citydeck:problem:", "") ?? "";
  const reason = said.detail ?? `HTTP ${answer.status}`;
  return { why: end === "token" ? end : (known[end] ?? "other"), reason };
}
