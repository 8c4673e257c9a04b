/** What the message that brings a briefing says. */

import { plainText, type IssuedBriefing } from "../../shared/briefing.ts";
import type { Language } from "../../shared/city.ts";
import { briefingText } from "../core/briefing/plain-text.ts";
import { formatInstant } from "../../shared/date-words.ts";
import { linkQuery, type SentLink } from "../briefing/links.ts";
import type { Composed } from "./compose.ts";
import { sayings } from "./sayings.ts";

/** Of the data that a program receives, what the mail's paper is found by. */
export interface BriefingPayload {
  readonly briefing: string;
}

/** `address`: where people reach this Citydeck; `null`: nobody said, and there is no link. `sent`: what opens it for them. */
export function composeBriefingMessage(
  { briefing, hash, edition }: IssuedBriefing,
  language: Language,
  address: string | null,
  sent: SentLink,
): Composed {
  const { id, definition, title, city, period, clock, knownAt, corrects } = briefing;
  const query = new URLSearchParams({ lang: language, ...linkQuery(sent) }).toString();
  const link = address === null ? null : `${address}/briefing/${id}?${query}`;
  const until = formatInstant(sent.untilAt, city.zone, language);
  const whose =
    language === "en"
      ? `Sent to ${sent.to}; the link opens it until ${until}.`
      : `发给 ${sent.to}；链接有效期至 ${until}。`;
  const mark = sayings[language].clock[clock];
  const joint = language === "en" ? ": " : "：";
  const correction = corrects === null ? "" : language === "en" ? "Corrected: " : "更正：";
  const seal = language === "en" ? `SHA-256 of the issue: ${hash}` : `本期 SHA-256：${hash}`;
  const text = briefingText(briefing, edition, language);
  return {
    subject:
      `${mark === null ? "" : `[${mark}] `}${correction}${title[language]}${joint}${period.words[language]}`.replaceAll(
        /\s+/g,
        " ",
      ),
    text: `${text}${link === null ? "" : `${link}\n${whose}\n`}${seal}\n`,
    payload: {
      city: city.id,
      clock,
      briefing: id,
      definition,
      hash,
      knownAt,
      corrects: corrects?.id ?? null,
      title,
      period,
      cover: { en: plainText(briefing.cover, "en"), zh: plainText(briefing.cover, "zh") },
      link,
    },
  };
}
