/** The briefings that this city can issue, asked for again when this browser signs in. */

import { useEffect, useState } from "react";
import type { BriefingOffer } from "../../../shared/briefing.ts";
import { reasonOf, useMayChange } from "../../live/access.ts";

/** Why they are not known: what the server says, "" when it cannot be reached. */
export type Offers = { readonly offers: readonly BriefingOffer[] } | { readonly failed: string };

/** `null` until the server has said. */
export function useOffers(): Offers | null {
  const mayChange = useMayChange();
  const [offers, setOffers] = useState<Offers | null>(null);
  useEffect(() => {
    let isWanted = true;
    void ask().then((answered) => isWanted && setOffers(answered));
    return () => {
      isWanted = false;
    };
  }, [mayChange]);
  return offers;
}

async function ask(): Promise<Offers> {
  try {
    const answer = await fetch("/api/v1/briefings/offers");
    if (!answer.ok) return { failed: await reasonOf(answer) };
    return { offers: (await answer.json()) as BriefingOffer[] };
  } catch {
    return { failed: "" };
  }
}
