import { useState, type FormEvent } from "react";
import type { CityBody } from "../../../shared/protocol.ts";
import { goTo } from "../../route.ts";
import { useWords } from "../../words/words.ts";
import admin from "../admin/admin.module.css";
import { ChoiceField, TextField } from "../admin/fields.tsx";
import { suggestedId } from "./begun-rule.ts";

/** Begins a rule from a figure or as a copy of another; nothing is written before it is saved. */
export function NewRule({ city }: { city: CityBody }) {
  const { t, text } = useWords();
  const { indicators, rules } = city;
  const sources = [
    ...indicators.map(({ id, title, domain }) => ({
      from: `indicator:${id}`,
      title: t("rules.new.fromIndicator", { title: text(title) }),
      domain,
      name: title.en,
    })),
    ...rules.map(({ id, title, domain }) => ({
      from: `rule:${id}`,
      title: t("rules.new.fromRule", { title: text(title) }),
      domain,
      name: title.en,
    })),
  ];
  const [from, setFrom] = useState(sources[0]?.from ?? "");
  const [typed, setTyped] = useState<string | null>(null);
  const source = sources.find((one) => one.from === from);
  const taken = new Set(rules.map(({ id }) => id));
  const id = typed ?? (source ? suggestedId(source.domain, source.name, taken) : "");
  const begin = (event: FormEvent): void => {
    event.preventDefault();
    if (id.trim() !== "")
      goTo(`/desk/rules/${encodeURIComponent(id.trim())}?from=${encodeURIComponent(from)}`);
  };
  return (
    <form onSubmit={begin} aria-label={t("rules.new.title")}>
      <ChoiceField
        label={t("rules.new.from")}
        value={from}
        choices={sources.map((one) => ({ value: one.from, title: one.title }))}
        onChange={(value) => {
          setFrom(value);
          setTyped(null);
        }}
      />
      <TextField label={t("rules.new.id")} value={id} onChange={setTyped} />
      <p className={admin.actions}>
        <button type="submit">{t("rules.new.begin")}</button>
      </p>
    </form>
  );
}
