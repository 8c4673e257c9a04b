import "../../words/briefing-words.ts";
import { useState } from "react";
import type { BriefingOffer, IssuedBriefing } from "../../../shared/briefing.ts";
import { askToChange, reasonOf, useMayChange } from "../../live/access.ts";
import { useQuery } from "../../route.ts";
import { useWords } from "../../words/words.ts";
import { Desk } from "../desk.tsx";
import { TokenForm } from "../token-form.tsx";
import styles from "./editor.module.css";
import { useOffers } from "./offers.ts";

/** Issues a briefing of the city folder by what is known now, and leads to it; `?definition=` asks for one alone. */
export default function IssueBriefing() {
  const { t, language } = useWords();
  const offers = useOffers();
  const wanted = useQuery("definition");
  const mayChange = useMayChange();
  return (
    <Desk
      title={t("faces.briefingIssue.title")}
      className={styles.page!}
      links={<a href={`/briefings?lang=${language}`}>{t("briefing.all")}</a>}
    >
      <main>
        <p className={styles.quiet}>{t("briefing.issue.means")}</p>
        {mayChange === false && <TokenForm why={t("briefing.issue.token")} />}
        {offers === null && <p role="status">{t("briefing.issue.loading")}</p>}
        {offers !== null && "failed" in offers && (
          <p role="alert">
            {t("briefing.issue.notKnown", { reason: offers.failed || t("briefing.unreachable") })}
          </p>
        )}
        {offers !== null && "offers" in offers && (
          <ul className={styles.sections}>
            {offers.offers
              .filter(({ id }) => wanted === null || id === wanted)
              .map((offer) => (
                <Offer key={offer.id} offer={offer} mayIssue={mayChange === true} />
              ))}
          </ul>
        )}
      </main>
    </Desk>
  );
}

function Offer({ offer, mayIssue }: { offer: BriefingOffer; mayIssue: boolean }) {
  const { t, text, language } = useWords();
  const [isIssuing, setIssuing] = useState(false);
  const [failed, setFailed] = useState<string | null>(null);
  const issue = async (): Promise<void> => {
    setIssuing(true);
    setFailed(null);
    try {
      const answer = await askToChange("/api/v1/briefings", "POST", { definition: offer.id });
      if (answer.ok) {
        const { briefing } = (await answer.json()) as IssuedBriefing;
        location.assign(`/briefing/${encodeURIComponent(briefing.id)}?lang=${language}`);
        return;
      }
      setFailed(answer.status === 409 ? t("briefing.issue.noIncident") : await reasonOf(answer));
    } catch {
      setFailed(t("briefing.unreachable"));
    }
    setIssuing(false);
  };
  const title = text(offer.title);
  return (
    <li>
      <h2>{title}</h2>
      <p className={styles.generated}>
        {text(offer.audience)}
        {offer.rules.length > 0 && ` · ${t("briefing.issue.ofIncident")}`}
      </p>
      <p className={styles.moves}>
        <button type="button" disabled={!mayIssue || isIssuing} onClick={() => void issue()}>
          {t(isIssuing ? "briefing.issue.issuing" : "briefing.issue.now", { title })}
        </button>
      </p>
      {failed !== null && <p role="alert">{t("briefing.issue.refused", { reason: failed })}</p>}
    </li>
  );
}
