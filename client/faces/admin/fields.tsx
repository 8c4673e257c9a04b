import { useId, useState, type ReactNode } from "react";
import { useWords } from "../../words/words.ts";
import styles from "./admin.module.css";

function Field({ id, label, children }: { id: string; label: string; children: ReactNode }) {
  return (
    <p className={styles.field}>
      <label htmlFor={id}>{label}</label>
      {children}
    </p>
  );
}

export function TextField(props: {
  label: string;
  value: string;
  lang?: string;
  isLong?: boolean;
  onChange: (value: string) => void;
}) {
  const { label, value, lang, isLong = false, onChange } = props;
  const id = useId();
  return (
    <Field id={id} label={label}>
      {isLong ? (
        <textarea
          id={id}
          lang={lang}
          rows={3}
          value={value}
          onChange={(event) => onChange(event.target.value)}
        />
      ) : (
        <input id={id} lang={lang} value={value} onChange={(event) => onChange(event.target.value)} />
      )}
    </Field>
  );
}

/** `null` is an empty field. The field keeps what was typed (`2.` on the way to `2.5`); what is no number changes nothing. */
export function NumberField(props: {
  label: string;
  value: number | null;
  onChange: (value: number | null) => void;
}) {
  const { label, value, onChange } = props;
  const { t } = useWords();
  const [id, expectedId] = [useId(), useId()];
  const [typed, setTyped] = useState<{ readonly text: string; readonly value: number | null } | null>(null);
  const shown = typed?.value === value ? typed.text : String(value ?? "");
  const isNumber = numberIn(shown) !== undefined;
  const change = (text: string): void => {
    const number = numberIn(text);
    setTyped({ text, value: number === undefined ? value : number });
    if (number !== undefined) onChange(number);
  };
  return (
    <Field id={id} label={label}>
      <input
        id={id}
        inputMode="decimal"
        aria-invalid={!isNumber}
        aria-describedby={isNumber ? undefined : expectedId}
        value={shown}
        onChange={(event) => change(event.target.value)}
      />
      {!isNumber && (
        <span id={expectedId} className={styles.expected} role="status">
          {t("faces.admin.numberExpected")}
        </span>
      )}
    </Field>
  );
}

/** `null` for nothing, `undefined` for what is no number. */
function numberIn(text: string): number | null | undefined {
  if (text.trim() === "") return null;
  const number = Number(text);
  return Number.isFinite(number) ? number : undefined;
}

export function CheckField(props: { label: string; value: boolean; onChange: (value: boolean) => void }) {
  const { label, value, onChange } = props;
  const id = useId();
  return (
    <Field id={id} label={label}>
      <input
        id={id}
        type="checkbox"
        className={styles.check}
        checked={value}
        onChange={(event) => onChange(event.target.checked)}
      />
    </Field>
  );
}

export interface Choice {
  readonly value: string;
  readonly title: string;
}

export function ChoiceField(props: {
  label: string;
  value: string;
  choices: readonly Choice[];
  onChange: (value: string) => void;
}) {
  const { label, value, choices, onChange } = props;
  const id = useId();
  const isKnown = choices.some((choice) => choice.value === value);
  return (
    <Field id={id} label={label}>
      <select id={id} value={value} onChange={(event) => onChange(event.target.value)}>
        {!isKnown && <option value={value}>{value}</option>}
        {choices.map((choice) => (
          <option key={choice.value} value={choice.value}>
            {choice.title}
          </option>
        ))}
      </select>
    </Field>
  );
}
