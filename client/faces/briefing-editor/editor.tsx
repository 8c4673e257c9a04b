import "../../words/briefing-words.ts";
import { useEffect, useState, type FormEvent } from "react";
import { plainText, type BriefingSection, type IssuedBriefing } from "../../../shared/briefing.ts";
import { askToChange, reasonOf, useMayChange } from "../../live/access.ts";
import { useWords } from "../../words/words.ts";
import { Desk } from "../desk.tsx";
import { TokenForm } from "../token-form.tsx";
import { draftOf, editionOf, moved, shownOrNot, type EditionDraft } from "./edition-draft.ts";
import styles from "./editor.module.css";

/** The reason is what the server says, "" when it cannot be reached. */
type Loaded = IssuedBriefing | "loading" | "missing" | { readonly reason: string };

async function load(id: string): Promise<Loaded> {
  try {
    const answer = await fetch(`/api/v1/briefings/${encodeURIComponent(id)}`);
    if (answer.status === 404) return "missing";
    return answer.ok ? ((await answer.json()) as IssuedBriefing) : { reason: await reasonOf(answer) };
  } catch {
    return { reason: "" };
  }
}

/** What an editor adds to an issued briefing: comments, an order, what is left out, a signature. */
export default function BriefingEditor({ id }: { id: string }) {
  const { t, language } = useWords();
  const [loaded, setLoaded] = useState<Loaded>("loading");
  const [loads, setLoads] = useState(0);
  useEffect(() => {
    let isWanted = true;
    void load(id).then((found) => isWanted && setLoaded(found));
    return () => {
      isWanted = false;
    };
  }, [id, loads]);
  const page = `/briefing/${encodeURIComponent(id)}?lang=${language}`;
  return (
    <Desk
      title={t("faces.briefingEditor.title")}
      className={styles.page!}
      links={
        <>
          <a href={page}>{t("briefing.read")}</a>
          <a href={`/briefings?lang=${language}`}>{t("briefing.all")}</a>
        </>
      }
    >
      <main>
        {loaded === "loading" && <p>{t("briefing.loading")}</p>}
        {loaded === "missing" && <p role="alert">{t("briefing.missing", { id })}</p>}
        {typeof loaded === "object" && "reason" in loaded && (
          <p role="alert">{t("briefing.failed", { reason: loaded.reason || t("briefing.unreachable") })}</p>
        )}
        {typeof loaded === "object" && "briefing" in loaded && (
          <EditionForm
            issued={loaded}
            onReload={() => {
              setLoaded("loading");
              setLoads(loads + 1);
            }}
          />
        )}
      </main>
    </Desk>
  );
}

type Answer = null | "saving" | "saved" | "changed" | { readonly reason: string };

function EditionForm({ issued, onReload }: { issued: IssuedBriefing; onReload: () => void }) {
  const { briefing } = issued;
  const { t, language, text } = useWords();
  const mayChange = useMayChange();
  const [before, setBefore] = useState(issued.edition);
  const [draft, setDraft] = useState(() => draftOf(briefing, issued.edition, ""));
  const [answer, setAnswer] = useState<Answer>(null);
  const change = (next: EditionDraft): void => {
    setDraft(next);
    if (answer !== "saving") setAnswer(null);
  };
  const save = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    if (answer === "saving") return;
    setAnswer("saving");
    const edition = editionOf(draft, briefing, before);
    const path = `/api/v1/briefings/${encodeURIComponent(briefing.id)}/editions`;
    try {
      const given = await askToChange(path, "POST", edition);
      if (given.ok) setBefore({ ...edition, briefing: briefing.id, at: briefing.issuedAt });
      setAnswer(given.ok ? "saved" : given.status === 409 ? "changed" : { reason: await reasonOf(given) });
    } catch {
      setAnswer({ reason: t("briefing.unreachable") });
    }
  };
  const sections = draft.order.map((kind) => briefing.sections.find((section) => section.kind === kind)!);
  return (
    <>
      <h2>{text(briefing.title)}</h2>
      <p className={styles.cover}>{plainText(briefing.cover, language)}</p>
      <p className={styles.quiet}>{t("briefing.asIssued")}</p>
      {before !== null && (
        <p className={styles.quiet}>
          {t("briefing.edition", { number: before.number, editor: before.editor })}
        </p>
      )}
      {mayChange === false && <TokenForm why={t("briefing.token")} />}
      <form className={styles.form} onSubmit={(event) => void save(event)}>
        <label className={styles.field}>
          {t("briefing.editor")}
          <input
            required
            maxLength={80}
            autoComplete="name"
            value={draft.editor}
            onChange={(event) => change({ ...draft, editor: event.target.value })}
          />
        </label>
        <Comment place="whole" label={t("briefing.whole")} draft={draft} onChange={change} />
        <ol className={styles.sections}>
          {sections.map((section) => (
            <SectionFields key={section.kind} section={section} draft={draft} onChange={change} />
          ))}
        </ol>
        <label className={styles.check}>
          <input
            type="checkbox"
            checked={draft.isSigned}
            onChange={(event) => change({ ...draft, isSigned: event.target.checked })}
          />
          {t("briefing.sign")}
        </label>
        <p className={styles.actions}>
          <button type="submit" disabled={mayChange !== true || answer === "saving"}>
            {t(answer === "saving" ? "briefing.saving" : "briefing.save")}
          </button>
          {answer === "changed" && (
            <button type="button" onClick={onReload}>
              {t("briefing.reload")}
            </button>
          )}
        </p>
        <p role="status">
          {answer === "saved" && t("briefing.saved", { number: before?.number ?? 1 })}
          {answer === "changed" && t("briefing.changed")}
          {answer !== null && typeof answer === "object" && t("briefing.refused", { reason: answer.reason })}
        </p>
      </form>
    </>
  );
}

interface Fields {
  readonly draft: EditionDraft;
  readonly onChange: (draft: EditionDraft) => void;
}

function SectionFields({ section, draft, onChange }: Fields & { section: BriefingSection }) {
  const { t, text, language } = useWords();
  const { kind, statements } = section;
  const place = draft.order.indexOf(kind);
  const isShown = !draft.hidden.has(kind);
  return (
    <li className={isShown ? undefined : styles.left}>
      <h3>{text(section.title)}</h3>
      <p className={styles.generated}>{plainText(statements[0]!.text, language)}</p>
      <div className={styles.moves}>
        <label className={styles.check}>
          <input
            type="checkbox"
            checked={isShown}
            onChange={(event) => onChange(shownOrNot(draft, kind, event.target.checked))}
          />
          {t("briefing.shown")}
        </label>
        <button type="button" disabled={place === 0} onClick={() => onChange(moved(draft, kind, -1))}>
          {t("briefing.up")}
        </button>
        <button
          type="button"
          disabled={place === draft.order.length - 1}
          onClick={() => onChange(moved(draft, kind, 1))}
        >
          {t("briefing.down")}
        </button>
      </div>
      <Comment place={kind} label={t("briefing.comment")} draft={draft} onChange={onChange} />
    </li>
  );
}

function Comment({
  place,
  label,
  draft,
  onChange,
}: Fields & { place: keyof EditionDraft["comments"]; label: string }) {
  return (
    <label className={styles.field}>
      {label}
      <textarea
        rows={2}
        maxLength={2000}
        value={draft.comments[place] ?? ""}
        onChange={(event) =>
          onChange({ ...draft, comments: { ...draft.comments, [place]: event.target.value } })
        }
      />
    </label>
  );
}
