import { version } from "./version.ts";

/** Who asks, and where those who are asked can find us (RFC 9110 §10.1.5). */
export function userAgent(contact: string | undefined): string {
  return contact === undefined ? `Citydeck/${version}` : `Citydeck/${version} (+${contact})`;
}
