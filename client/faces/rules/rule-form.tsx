import { parseTree } from "jsonc-parser";
import { priorities, type AlarmCondition } from "../../../shared/alarms.ts";
import type { CityBody } from "../../../shared/protocol.ts";
import { useReading } from "../../live/store.ts";
import { useWords } from "../../words/words.ts";
import { withValue } from "../admin/edit.ts";
import { CheckField, ChoiceField, NumberField, TextField } from "../admin/fields.tsx";
import admin from "../admin/admin.module.css";
import { numberAt, textAt, valueAt } from "../admin/json-at.ts";
import {
  begunCondition,
  boundsOf,
  conditionForms,
  fittingTest,
  formOf,
  readsIndicator,
} from "./condition.ts";
import type { ConditionForm } from "./condition.ts";
import styles from "./rules.module.css";
import { ValidTimes } from "./valid-times.tsx";

interface Props {
  readonly draft: string;
  readonly city: CityBody;
  readonly onChange: (draft: string) => void;
}

/** What of a rule is changed most; the rest is in the whole file. */
export function RuleForm({ draft, city, onChange }: Props) {
  const { t, text } = useWords();
  const set = (path: (string | number)[], value: unknown): void => onChange(withValue(draft, path, value));
  const words = (path: string[], label: string, lang: string, isLong = false) => (
    <TextField
      label={label}
      lang={lang}
      isLong={isLong}
      value={textAt(draft, path)}
      onChange={(value) => set(path, value)}
    />
  );
  const seconds = (path: string[], label: string) => (
    <NumberField
      label={label}
      value={numberAt(draft, path)}
      onChange={(value) => set(path, value ?? undefined)}
    />
  );
  const departments = city.departments.map(({ id, title }) => ({ value: id, title: text(title) }));
  if (parseTree(draft)?.type !== "object") return <p className={admin.quiet}>{t("rules.tried.unread")}</p>;
  return (
    <>
      <CheckField
        label={t("rules.enabled")}
        value={valueAt(draft, ["enabled"]) !== false}
        onChange={(value) => set(["enabled"], value)}
      />
      {words(["title", "en"], t("faces.admin.titleEn"), "en")}
      {words(["title", "zh"], t("faces.admin.titleZh"), "zh-Hans")}
      <Condition draft={draft} city={city} onChange={onChange} />
      {seconds(["onDelaySeconds"], t("rules.onDelay"))}
      {seconds(["offDelaySeconds"], t("rules.offDelay"))}
      <ChoiceField
        label={t("rules.priority")}
        value={textAt(draft, ["priority"])}
        choices={priorities.map((value) => ({ value, title: t(`alarms.priorities.${value}`) }))}
        onChange={(value) => set(["priority"], value)}
      />
      {words(["consequence", "en"], t("rules.consequenceEn"), "en", true)}
      {words(["consequence", "zh"], t("rules.consequenceZh"), "zh-Hans", true)}
      {words(["response", "text", "en"], t("rules.responseEn"), "en", true)}
      {words(["response", "text", "zh"], t("rules.responseZh"), "zh-Hans", true)}
      {seconds(["response", "withinSeconds"], t("rules.responseWithin"))}
      <ChoiceField
        label={t("faces.panel.owner")}
        value={textAt(draft, ["owner"])}
        choices={departments}
        onChange={(value) => set(["owner"], value)}
      />
      <ChoiceField
        label={t("rules.backup")}
        value={textAt(draft, ["backup"])}
        choices={[{ value: "", title: t("rules.nobody") }, ...departments]}
        onChange={(value) => set(["backup"], value === "" ? undefined : value)}
      />
      <ValidTimes draft={draft} onChange={onChange} />
      <Test draft={draft} onChange={onChange} />
    </>
  );
}

function Condition({ draft, city, onChange }: Props) {
  const { t, text } = useWords();
  const set = (path: string[], value: unknown): void => onChange(withValue(draft, path, value));
  const indicator = textAt(draft, ["indicator"]);
  const form = formOf(valueAt(draft, ["when"]));
  const value = useReading(indicator)?.value ?? null;
  const bounds = form === null ? undefined : boundsOf[form];
  const number = (key: string, label: string) => (
    <NumberField
      key={`${form} ${key}`}
      label={label}
      value={numberAt(draft, ["when", key])}
      onChange={(now) => now !== null && set(["when", key], now)}
    />
  );
  const choose = (next: ConditionForm): void => {
    const changed = withValue(draft, ["when"], begunCondition(next, value ?? 0));
    onChange(readsIndicator(next) ? changed : withValue(changed, ["indicator"], undefined));
  };
  return (
    <>
      <ChoiceField
        label={t("rules.form")}
        value={form ?? ""}
        choices={conditionForms.map((one) => ({ value: one, title: t(`rules.forms.${one}`) }))}
        onChange={(next) => choose(next as ConditionForm)}
      />
      {readsIndicator(form) && (
        <ChoiceField
          label={t("rules.indicator")}
          value={indicator}
          choices={city.indicators.map(({ id, title }) => ({ value: id, title: `${text(title)} (${id})` }))}
          onChange={(next) => set(["indicator"], next)}
        />
      )}
      {form !== null && bounds && isBounded(form) && (
        <>
          {form === "unusual" && (
            <ChoiceField
              label={t("rules.way")}
              value={textAt(draft, ["when", "outsideUsual"])}
              choices={(["either", "above", "below"] as const).map((one) => ({
                value: one,
                title: t(`rules.ways.${one}`),
              }))}
              onChange={(next) => set(["when", "outsideUsual"], next)}
            />
          )}
          {number(bounds.bound, t(`rules.bounds.${form}`))}
          {(form === "rises" || form === "falls") && number("withinSeconds", t("rules.within"))}
          {number(bounds.clear, t(`rules.clears.${form}`))}
        </>
      )}
      {form === "silent" && (
        <ChoiceField
          label={t("rules.silence")}
          value={textAt(draft, ["when", "silent"])}
          choices={(["stale", "down"] as const).map((one) => ({
            value: one,
            title: t(`rules.silences.${one}`),
          }))}
          onChange={(next) => set(["when", "silent"], next)}
        />
      )}
      {form === "together" && number("atLeast", t("rules.atLeast"))}
      {!readsIndicator(form) && <p className={admin.quiet}>{t("rules.inJson")}</p>}
    </>
  );
}

type Bounded = Exclude<ConditionForm, "unknown" | "silent" | "things" | "together">;

function isBounded(form: ConditionForm): form is Bounded {
  return boundsOf[form] !== undefined;
}

function Test({ draft, onChange }: Pick<Props, "draft" | "onChange">) {
  const { t } = useWords();
  const when = valueAt(draft, ["when"]);
  const make = (): void => {
    const delays = {
      onDelaySeconds: numberAt(draft, ["onDelaySeconds"]) ?? 0,
      offDelaySeconds: numberAt(draft, ["offDelaySeconds"]) ?? 0,
    };
    onChange(withValue(draft, ["tests"], [fittingTest(when as AlarmCondition, delays)]));
  };
  return (
    <fieldset className={admin.scene}>
      <legend>{t("rules.test")}</legend>
      <p className={admin.quiet}>{t("rules.makeTestWhy")}</p>
      <p className={`${admin.actions} ${styles.test}`}>
        <button type="button" disabled={formOf(when) === null} onClick={make}>
          {t("rules.makeTest")}
        </button>
        <code>{textAt(draft, ["tests", 0, "series"])}</code>
      </p>
    </fieldset>
  );
}
