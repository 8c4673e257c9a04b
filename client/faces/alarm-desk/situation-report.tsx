import { useOffers } from "../briefing-editor/offers.ts";
import { Link } from "../link.tsx";
import { useWords } from "../../words/words.ts";

/** The way to the situation report that begins with an alarm of this rule; nothing where the city has none. */
export function SituationReport({ rule }: { rule: string }) {
  const { t } = useWords();
  const offers = useOffers();
  if (offers === null || !("offers" in offers)) return null;
  const offer = offers.offers.find(({ rules }) => rules.includes(rule));
  if (!offer) return null;
  return (
    <p>
      <Link to={`/briefings/issue?definition=${encodeURIComponent(offer.id)}`}>{t("desk.report")}</Link>
    </p>
  );
}
