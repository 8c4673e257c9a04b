import { useEffect, useId, useState, type FormEvent } from "react";
import { longestAnnotation, longestAuthor, type Annotation } from "../../../shared/annotation.ts";
import { useWords } from "../../words/words.ts";
import type { AnnotationDraft } from "./annotation-store.ts";
import styles from "./annotations.module.css";
import type { Figure } from "./drawings/drawing.ts";
import { instantOfLocal, localText } from "./local-time.ts";
import type { Stretch } from "./range.ts";
import { rememberAuthor, rememberedAuthor } from "./view-store.ts";

/** What is being written: a new one, or other words for `before`. */
export interface Writing {
  readonly before: Annotation | null;
  /** As the fields have them, by the city's clock; an empty end is a moment's. */
  readonly from: string;
  readonly to: string;
}

export function writingAt(
  { fromAt, toAt }: Stretch,
  zone: string,
  before: Annotation | null = null,
): Writing {
  return { before, from: localText(fromAt, zone), to: fromAt === toAt ? "" : localText(toAt, zone) };
}

/** The stretch that is written about; `null` where the fields have none. */
export function writtenStretch({ from, to }: Pick<Writing, "from" | "to">, zone: string): Stretch | null {
  const fromAt = instantOfLocal(from, zone);
  const toAt = to === "" ? fromAt : instantOfLocal(to, zone);
  return fromAt === null || toAt === null || toAt < fromAt ? null : { fromAt, toAt };
}

interface Props {
  readonly writing: Writing;
  readonly zone: string;
  /** What it can be about. */
  readonly figures: readonly Pick<Figure, "id" | "title">[];
  readonly onSpan: (span: Pick<Writing, "from" | "to">) => void;
  readonly onSend: (draft: AnnotationDraft) => void;
  readonly onCancel: () => void;
}

/** An annotation's words, what they are about, when, and who says so. */
export function AnnotationForm({ writing, zone, figures, onSpan, onSend, onCancel }: Props) {
  const { t } = useWords();
  const { before, from, to } = writing;
  const [text, setText] = useState(before?.text ?? "");
  const [series, setSeries] = useState(before?.series ?? (before === null ? (figures[0]?.id ?? null) : null));
  const [author, setAuthor] = useState(rememberedAuthor);
  const heading = useId();
  const fault = useId();
  const stretch = writtenStretch(writing, zone);
  const isReversed = stretch === null && from !== "" && to !== "";
  useEffect(() => {
    const leave = (event: KeyboardEvent): void => {
      if (event.key === "Escape") onCancel();
    };
    addEventListener("keydown", leave);
    return () => removeEventListener("keydown", leave);
  }, [onCancel]);
  const send = (event: FormEvent): void => {
    event.preventDefault();
    if (stretch === null) return;
    rememberAuthor(author.trim());
    onSend({ series, ...stretch, text: text.trim(), author: author.trim() });
  };
  return (
    <form className={styles.form} aria-labelledby={heading} onSubmit={send}>
      <h3 id={heading}>
        {t(before === null ? "explorer.annotations.new" : "explorer.annotations.changing")}
      </h3>
      <p className={styles.hint}>{t("explorer.annotations.hint")}</p>
      <label className={styles.wide}>
        {t("explorer.annotations.text")}
        <textarea
          required
          rows={2}
          maxLength={longestAnnotation}
          ref={focusOnce}
          value={text}
          onChange={(event) => setText(event.target.value)}
        />
      </label>
      <label>
        {t("explorer.annotations.from")}
        <input
          type="datetime-local"
          required
          value={from}
          onChange={(event) => onSpan({ from: event.target.value, to })}
        />
      </label>
      <label>
        {t("explorer.annotations.to")}
        <input
          type="datetime-local"
          value={to}
          aria-invalid={isReversed}
          aria-describedby={fault}
          onChange={(event) => onSpan({ from, to: event.target.value })}
        />
      </label>
      <label>
        {t("explorer.annotations.about")}
        <select value={series ?? ""} onChange={(event) => setSeries(event.target.value || null)}>
          <option value="">{t("explorer.annotations.all")}</option>
          {figures.map(({ id, title }) => (
            <option key={id} value={id}>
              {title}
            </option>
          ))}
        </select>
      </label>
      <label>
        {t("explorer.views.author")}
        <input
          required
          autoComplete="name"
          maxLength={longestAuthor}
          value={author}
          onChange={(event) => setAuthor(event.target.value)}
        />
      </label>
      <p id={fault} role="status" className={styles.fault}>
        {isReversed && t("explorer.annotations.reversed")}
      </p>
      <p className={styles.buttons}>
        <button type="submit" className={styles.main}>
          {t("explorer.annotations.send")}
        </button>
        <button type="button" onClick={onCancel}>
          {t("explorer.annotations.cancel")}
        </button>
      </p>
    </form>
  );
}

/** Whoever opens the form wants to write. */
function focusOnce(field: HTMLTextAreaElement | null): void {
  field?.focus();
}
