import { useCity } from "../../live/store.ts";
import { useWords } from "../../words/words.ts";
import { withValue } from "./edit.ts";
import { ChoiceField, NumberField, TextField } from "./fields.tsx";
import { numberAt, textAt } from "./json-at.ts";

const betters = ["higher", "lower", "neither"] as const;

/** What of an indicator is changed most: its target, its words, its owner, its patience. */
export function IndicatorForm({ draft, onChange }: { draft: string; onChange: (draft: string) => void }) {
  const { t, text } = useWords();
  const departments = useCity()?.departments ?? [];
  const set = (path: (string | number)[], value: unknown): void => onChange(withValue(draft, path, value));
  const field = (path: string[], label: string, lang: string, isLong = false) => (
    <TextField
      label={label}
      lang={lang}
      isLong={isLong}
      value={textAt(draft, path)}
      onChange={(value) => set(path, value)}
    />
  );
  return (
    <>
      <NumberField
        label={t("faces.admin.target")}
        value={numberAt(draft, ["target"])}
        onChange={(value) => set(["target"], value ?? undefined)}
      />
      <ChoiceField
        label={t("faces.admin.better")}
        value={textAt(draft, ["better"])}
        choices={betters.map((value) => ({ value, title: t(`better.${value}`) }))}
        onChange={(value) => set(["better"], value)}
      />
      <NumberField
        label={t("faces.admin.staleAfter")}
        value={numberAt(draft, ["staleAfterSeconds"])}
        onChange={(value) => set(["staleAfterSeconds"], value ?? undefined)}
      />
      <ChoiceField
        label={t("faces.panel.owner")}
        value={textAt(draft, ["department"])}
        choices={departments.map(({ id, title }) => ({ value: id, title: text(title) }))}
        onChange={(value) => set(["department"], value)}
      />
      {field(["title", "en"], t("faces.admin.titleEn"), "en")}
      {field(["title", "zh"], t("faces.admin.titleZh"), "zh-Hans")}
      {field(["definition", "en"], t("faces.admin.definitionEn"), "en", true)}
      {field(["definition", "zh"], t("faces.admin.definitionZh"), "zh-Hans", true)}
    </>
  );
}
