import { useRef, useState } from "react";
import type { Annotation } from "../../../shared/annotation.ts";
import { cityDate } from "../../../shared/city-time.ts";
import type { Language } from "../../../shared/city.ts";
import { formatInstant } from "../../words/format-date.ts";
import { formatTime } from "../../words/format-time.ts";
import { useWords } from "../../words/words.ts";
import { TokenForm } from "../token-form.tsx";
import { AnnotationForm, writingAt, type Writing } from "./annotation-form.tsx";
import type { AnnotationAttempt, AnnotationRefusal, AnnotationStore } from "./annotation-store.ts";
import styles from "./annotations.module.css";
import type { Figure } from "./drawings/drawing.ts";

interface Props {
  readonly store: AnnotationStore;
  /** `null` while nobody writes. */
  readonly writing: Writing | null;
  readonly onWriting: (writing: Writing | null) => void;
  readonly figures: readonly Pick<Figure, "id" | "title">[];
  readonly zone: string;
}

/** What people wrote at the time shown, in words, and the form to write more. */
export function Annotations({ store, writing, onWriting, figures, zone }: Props) {
  const { t } = useWords();
  const { annotations, problem, read, attempt } = store;
  const [done, setDone] = useState<AnnotationAttempt["do"] | null>(null);
  const [refused, setRefused] = useState<{ wanted: AnnotationAttempt; refusal: AnnotationRefusal } | null>(
    null,
  );
  const list = useRef<HTMLDivElement>(null);
  const act = async (wanted: AnnotationAttempt): Promise<void> => {
    const refusal = await attempt(wanted);
    setRefused(refusal && { wanted, refusal });
    setDone(refusal === null ? wanted.do : null);
    if (refusal === null && wanted.do !== "remove") close();
  };
  const close = (): void => {
    onWriting(null);
    // What had the focus goes.
    list.current?.focus();
  };
  return (
    <div className={styles.annotations} ref={list} tabIndex={-1}>
      {writing !== null && (
        <AnnotationForm
          key={writing.before?.id ?? ""}
          {...{ writing, zone, figures }}
          onSpan={(span) => onWriting({ ...writing, ...span })}
          onSend={(draft) =>
            void act(
              writing.before === null
                ? { do: "write", draft }
                : { do: "change", before: writing.before, draft },
            )
          }
          onCancel={() => {
            setRefused(null);
            close();
          }}
        />
      )}
      {refused && <Refused {...refused} annotations={annotations} onAttempt={(wanted) => void act(wanted)} />}
      <p role="status" className={styles.status}>
        {done && writing === null && t(`explorer.annotations.done.${done}`)}
      </p>
      {problem !== null && (
        <p role="alert">
          {t("explorer.annotations.unread")} {problem === "" ? t("explorer.state.unreachable") : problem}{" "}
          <button type="button" onClick={read}>
            {t("explorer.state.again")}
          </button>
        </p>
      )}
      {annotations.length > 0 && (
        <section aria-labelledby="explorer-annotations">
          <h3 id="explorer-annotations">{t("explorer.annotations.title")}</h3>
          <ul>
            {annotations.map((one) => (
              <Written
                key={one.id}
                {...{ one, zone }}
                about={
                  one.series === null
                    ? t("explorer.annotations.all")
                    : (figures.find(({ id }) => id === one.series)?.title ?? one.series)
                }
                onChange={() => onWriting(writingAt(one, zone, one))}
                onRemove={() => void act({ do: "remove", before: one })}
              />
            ))}
          </ul>
        </section>
      )}
    </div>
  );
}

/** Why something was not done, and what can be done about it. */
function Refused(props: {
  wanted: AnnotationAttempt;
  refusal: AnnotationRefusal;
  annotations: readonly Annotation[];
  onAttempt: (attempt: AnnotationAttempt) => void;
}) {
  const { wanted, refusal, annotations, onAttempt } = props;
  const { t } = useWords();
  const { why, reason } = refusal;
  if (why === "token")
    return <TokenForm why={t("explorer.annotations.token")} onToken={() => onAttempt(wanted)} />;
  const newer = wanted.do === "write" ? undefined : annotations.find(({ id }) => id === wanted.before.id);
  return (
    <div role="alert" className={styles.refused}>
      <p>
        {why === "other"
          ? t("explorer.annotations.refused", { reason: reason || t("explorer.state.unreachable") })
          : t(`explorer.annotations.conflict.${why}`, {
              text: newer?.text ?? (wanted.do === "write" ? "" : wanted.before.text),
              author: newer?.author ?? "",
            })}
      </p>
      {wanted.do === "change" && why === "changed" && newer && (
        <button type="button" onClick={() => onAttempt({ ...wanted, before: newer })}>
          {t("explorer.annotations.overwrite")}
        </button>
      )}
      {wanted.do === "change" && why === "missing" && (
        <button type="button" onClick={() => onAttempt({ do: "write", draft: wanted.draft })}>
          {t("explorer.annotations.anew")}
        </button>
      )}
    </div>
  );
}

interface WrittenProps {
  readonly one: Annotation;
  readonly about: string;
  readonly zone: string;
  readonly onChange: () => void;
  readonly onRemove: () => void;
}

function Written({ one, about, zone, onChange, onRemove }: WrittenProps) {
  const { t, language } = useWords();
  const [isAsking, setAsking] = useState(false);
  const row = useRef<HTMLLIElement>(null);
  return (
    <li ref={row} tabIndex={-1}>
      <p>
        <time dateTime={new Date(one.fromAt).toISOString()}>{stretchOfAnnotation(one, zone, language)}</time>{" "}
        {one.text}
      </p>
      <p className={styles.meta}>
        {[one.author, formatInstant(one.madeAt, zone, language), about].join(" · ")}{" "}
        {!isAsking ? (
          <>
            <button
              type="button"
              aria-label={t("explorer.annotations.changeIt", { text: one.text })}
              onClick={onChange}
            >
              {t("explorer.annotations.change")}
            </button>{" "}
            <button
              type="button"
              aria-label={t("explorer.annotations.removeIt", { text: one.text })}
              onClick={() => setAsking(true)}
            >
              {t("explorer.views.remove")}
            </button>
          </>
        ) : (
          <>
            {t("explorer.views.sure.remove")}{" "}
            <button type="button" ref={(button) => button?.focus()} onClick={onRemove}>
              {t("explorer.views.remove")}
            </button>{" "}
            <button
              type="button"
              onClick={() => {
                setAsking(false);
                row.current?.focus();
              }}
            >
              {t("explorer.views.keep")}
            </button>
          </>
        )}
      </p>
    </li>
  );
}

/** `27 Nov 2026 15:10`, `27 Nov 2026 15:10–16:00`, or both ends whole. */
function stretchOfAnnotation({ fromAt, toAt }: Annotation, zone: string, language: Language): string {
  const from = formatInstant(fromAt, zone, language);
  if (fromAt === toAt) return from;
  return cityDate(fromAt, zone) === cityDate(toAt, zone)
    ? `${from}–${formatTime(toAt, zone, language)}`
    : `${from} – ${formatInstant(toAt, zone, language)}`;
}
