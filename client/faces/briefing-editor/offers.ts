/** The briefings that this city can issue, asked for once. */

import { useEffect, useState } from "react";
import type { BriefingOffer } from "../../../shared/briefing.ts";
import { reasonOf } from "../../live/access.ts";

export type Offers = { readonly offers: readonly BriefingOffer[] } | { readonly failed: string };

/** `null` until the server has said. */
export function useOffers(): Offers | null {
  const [offers, setOffers] = useState<Offers | null>(null);
  useEffect(() => {
    let isWanted = true;
    void ask().then((answered) => isWanted && setOffers(answered));
    return () => {
      isWanted = false;
    };
  }, []);
  return offers;
}

async function ask(): Promise<Offers> {
  try {
    const answer = await fetch("/api/v1/briefings/offers");
    if (!answer.ok) return { failed: await reasonOf(answer) };
    return { offers: (await answer.json()) as BriefingOffer[] };
  } catch (error) {
    return { failed: String(error) };
  }
}
