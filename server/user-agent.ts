import { readFileSync } from "node:fs";
import { join } from "node:path";

const { version } = JSON.parse(readFileSync(join(import.meta.dirname, "../package.json"), "utf8")) as {
  readonly version: string;
};

/** Who asks, and where those who are asked can find us (RFC 9110 §10.1.5). */
export function userAgent(contact: string | undefined): string {
  return contact === undefined ? `Citydeck/${version}` : `Citydeck/${version} (+${contact})`;
}
