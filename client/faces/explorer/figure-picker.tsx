import { useMemo, useState, type KeyboardEvent } from "react";
import { domains } from "../../../shared/city.ts";
import type { CityBody } from "../../../shared/protocol.ts";
import { useWords } from "../../words/words.ts";
import styles from "./explorer.module.css";
import { matchingIndicators } from "./search.ts";
import { mostFigures } from "./view.ts";

/** Chooses figures: by domain, searched in both languages, with the arrow keys up and down the list. */
export function FigurePicker(props: {
  city: CityBody;
  chosen: readonly string[];
  titleOf: (id: string) => string;
  onChoose: (figures: readonly string[]) => void;
}) {
  const { city, chosen, titleOf, onChoose } = props;
  const { t, text } = useWords();
  const [search, setSearch] = useState("");
  const found = useMemo(() => matchingIndicators(city.indicators, search), [city, search]);
  const isFull = chosen.length >= mostFigures;
  const toggle = (id: string): void =>
    onChoose(chosen.includes(id) ? chosen.filter((one) => one !== id) : [...chosen, id]);
  const groups = chosen.filter((id) => id.includes("{"));
  return (
    <div className={styles.picker} onKeyDown={moveInList}>
      <input
        type="search"
        data-first
        aria-label={t("explorer.figures.search")}
        placeholder={t("explorer.figures.search")}
        value={search}
        onChange={(event) => setSearch(event.target.value)}
      />
      {isFull && <p className={styles.quiet}>{t("explorer.figures.most", { count: mostFigures })}</p>}
      {groups.length > 0 && (
        <fieldset className={styles.options}>
          <legend>{t("explorer.figures.chosen")}</legend>
          {groups.map((id) => (
            <label key={id}>
              <input type="checkbox" checked onChange={() => toggle(id)} />
              {titleOf(id)}
            </label>
          ))}
        </fieldset>
      )}
      {found.length === 0 && (
        <p className={styles.quiet}>{t("explorer.figures.nothing", { text: search })}</p>
      )}
      {domains.map((domain) => {
        const ofDomain = found.filter((indicator) => indicator.domain === domain);
        if (ofDomain.length === 0) return null;
        return (
          <fieldset key={domain} className={styles.options}>
            <legend>{t(`domains.${domain}`)}</legend>
            {ofDomain.map(({ id, title }) => (
              <label key={id}>
                <input
                  type="checkbox"
                  checked={chosen.includes(id)}
                  disabled={isFull && !chosen.includes(id)}
                  onChange={() => toggle(id)}
                />
                {text(title)}
              </label>
            ))}
          </fieldset>
        );
      })}
    </div>
  );
}

/** Up and down go from the search through all that can be checked. */
function moveInList(event: KeyboardEvent<HTMLElement>): void {
  if (event.key !== "ArrowDown" && event.key !== "ArrowUp") return;
  const fields = Array.from(event.currentTarget.querySelectorAll<HTMLInputElement>("input:not(:disabled)"));
  const at = fields.indexOf(document.activeElement as HTMLInputElement);
  const next = fields[at + (event.key === "ArrowDown" ? 1 : -1)];
  if (!next) return;
  event.preventDefault();
  next.focus();
}
