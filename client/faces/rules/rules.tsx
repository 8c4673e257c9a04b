import "../../words/admin-words.ts";
import "../../words/desk-words.ts";
import "../../words/rules-words.ts";
import { useMemo, useState } from "react";
import type { AlarmRule } from "../../../shared/alarms.ts";
import type { CityBody } from "../../../shared/protocol.ts";
import { useCity, useReading } from "../../live/store.ts";
import { useQuery } from "../../route.ts";
import { useWords } from "../../words/words.ts";
import admin from "../admin/admin.module.css";
import { useCityFile } from "../admin/city-file.ts";
import { FileForm } from "../admin/file-form.tsx";
import { Desk } from "../desk.tsx";
import { DeskLinks } from "../desk-links.tsx";
import { Link } from "../link.tsx";
import { TokenForm } from "../token-form.tsx";
import { BacktestPanel } from "./backtest-panel.tsx";
import { ruleOfIndicator, ruleOfRule } from "./begun-rule.ts";
import { NewRule } from "./new-rule.tsx";
import { RuleForm } from "./rule-form.tsx";
import styles from "./rules.module.css";

/** The city's alarm rules: chosen, changed, begun anew, and tried on the past. The same files as by hand. */
export default function Rules({ id }: { id: string | null }) {
  const { t } = useWords();
  const city = useCity();
  return (
    <Desk title={t("faces.desk.rules")} className={admin.page!} links={<DeskLinks of="rules" />}>
      <RuleList rules={city?.rules ?? []} id={id} />
      <main className={admin.file}>
        {id !== null && city !== null && <RuleEditor key={id} id={id} city={city} />}
        {id === null && (
          <div className={styles.begin}>
            <p className={admin.quiet}>{t("rules.choose")}</p>
            {city !== null && <NewRule city={city} />}
          </div>
        )}
      </main>
    </Desk>
  );
}

function RuleList({ rules, id }: { rules: readonly AlarmRule[]; id: string | null }) {
  const { t, text } = useWords();
  const [wanted, setWanted] = useState("");
  const words = wanted.trim().toLowerCase();
  const shown = rules.filter((rule) =>
    `${rule.id} ${rule.title.en} ${rule.title.zh}`.toLowerCase().includes(words),
  );
  return (
    <nav className={admin.list} aria-label={t("rules.list")}>
      <input
        type="search"
        aria-label={t("faces.admin.search")}
        placeholder={t("faces.admin.search")}
        value={wanted}
        onChange={(event) => setWanted(event.target.value)}
      />
      <ul>
        <li>
          <Link to="/desk/rules" isCurrent={id === null}>
            {t("rules.new.title")}
          </Link>
        </li>
        {shown.map((rule) => (
          <li key={rule.id}>
            <Link to={`/desk/rules/${encodeURIComponent(rule.id)}`} isCurrent={rule.id === id}>
              <span className={styles.title}>{text(rule.title)}</span>
              <span className={styles.about}>
                {t(`alarms.priorities.${rule.priority}`)} · {rule.enabled ? rule.id : t("rules.disabled")}
              </span>
            </Link>
          </li>
        ))}
      </ul>
    </nav>
  );
}

function RuleEditor({ id, city }: { id: string; city: CityBody }) {
  const { t } = useWords();
  const path = `rules/${id}.json`;
  const [file, actions] = useCityFile(path, useBegun(id, city));
  switch (file.state) {
    case "loading":
      return <p className={admin.quiet}>{t("faces.admin.loading")}</p>;
    case "missing":
      return <p role="alert">{t("faces.admin.missing", { path })}</p>;
    case "token":
      return <TokenForm why={t("faces.admin.tokenNeeded")} onToken={actions.reload} />;
    case "failed":
      return <p role="alert">{t("faces.admin.failed", { message: file.message })}</p>;
    case "open":
      return (
        <>
          <h2>{path}</h2>
          <BacktestPanel draft={file.draft} city={city} onChange={actions.change} />
          <FileForm path={path} file={file} actions={actions}>
            <RuleForm draft={file.draft} city={city} onChange={actions.change} />
          </FileForm>
        </>
      );
  }
}

/** What the file begins with if there is none: what the address says it is made from. `null`: it says nothing. */
function useBegun(id: string, city: CityBody): string | null {
  const from = useQuery("from") ?? "";
  const [kind, name] = [from.slice(0, from.indexOf(":")), from.slice(from.indexOf(":") + 1)];
  const value = useReading(name)?.value ?? null;
  // As it is when it is begun: the city goes on.
  const [began] = useState({ city, value });
  return useMemo(() => {
    const { indicators, rules } = began.city;
    const indicator = kind === "indicator" ? indicators.find((one) => one.id === name) : undefined;
    if (indicator) return ruleOfIndicator(id, indicator, began.value);
    const rule = kind === "rule" ? rules.find((one) => one.id === name) : undefined;
    return rule ? ruleOfRule(id, rule) : null;
  }, [began, id, kind, name]);
}
