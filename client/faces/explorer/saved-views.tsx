/** Views under a name: saved, found, opened, renamed, replaced, removed, and sent to somebody. */

import { useRef, useState, type FormEvent, type RefObject } from "react";
import { longestViewTitle, type SavedView } from "../../../shared/saved-view.ts";
import { formatDate } from "../../words/format-date.ts";
import { useWords } from "../../words/words.ts";
import { Link } from "../link.tsx";
import { TokenForm } from "../token-form.tsx";
import { CopyLink } from "./copy-link.tsx";
import styles from "./explorer.module.css";
import { hasWords } from "./search.ts";
import {
  rememberAuthor,
  rememberedAuthor,
  useViewStore,
  type Attempt,
  type ViewRefusal,
} from "./view-store.ts";
import { formatView, parseView, type View } from "./view.ts";

/** As `server/http/answers.ts` takes it. */
const longestAuthor = 80;
/** A list that is longer is searched. */
const seenAtOnce = 5;

export function SavedViews({ view, zone }: { view: View; zone: string }) {
  const { t } = useWords();
  const { views, problem, read, attempt } = useViewStore();
  const [author, setAuthor] = useState(rememberedAuthor);
  const [title, setTitle] = useState("");
  const [search, setSearch] = useState("");
  const [done, setDone] = useState<Attempt | null>(null);
  const [refused, setRefused] = useState<{ attempt: Attempt; refusal: ViewRefusal } | null>(null);
  const authorField = useRef<HTMLInputElement>(null);
  const query = `?${formatView(view)}`;
  const act = async (wanted: Attempt): Promise<void> => {
    if (wanted.do !== "remove") rememberAuthor(wanted.draft.author);
    const refusal = await attempt(wanted);
    setRefused(refusal && { attempt: wanted, refusal });
    setDone(refusal === null ? wanted : null);
    if (refusal === null && wanted.do === "save") setTitle("");
  };
  const save = (event: FormEvent): void => {
    event.preventDefault();
    void act({ do: "save", draft: { title: title.trim(), query, author: author.trim() } });
  };
  const found = (views ?? []).filter((one) => hasWords(`${one.title} ${one.author}`, search));
  return (
    <div className={styles.views}>
      <form onSubmit={save}>
        <h2>{t("explorer.views.save")}</h2>
        <label>
          {t("explorer.views.name")}
          <input
            data-first
            required
            maxLength={longestViewTitle}
            placeholder={t("explorer.views.example")}
            value={title}
            onChange={(event) => setTitle(event.target.value)}
          />
        </label>
        <label>
          {t("explorer.views.author")}
          <input
            required
            ref={authorField}
            autoComplete="name"
            maxLength={longestAuthor}
            value={author}
            onChange={(event) => setAuthor(event.target.value)}
          />
        </label>
        <button type="submit" className={styles.button}>
          {t("explorer.views.saveIt")}
        </button>
        <p className={styles.quiet}>{t("explorer.views.whoMay")}</p>
      </form>
      <p role="status">{done && t(`explorer.views.done.${done.do}`, { title: titleOf(done) })}</p>
      {refused && <Refused {...refused} {...{ views, zone }} onAttempt={(wanted) => void act(wanted)} />}
      <h2>{t("explorer.views.saved")}</h2>
      {problem !== null && (
        <p role="alert">
          {t("explorer.views.unread")} {problem === "" ? t("explorer.state.unreachable") : problem}{" "}
          <button type="button" onClick={read}>
            {t("explorer.state.again")}
          </button>
        </p>
      )}
      {views?.length === 0 && <p className={styles.quiet}>{t("explorer.views.none")}</p>}
      {(views?.length ?? 0) > seenAtOnce && (
        <input
          type="search"
          aria-label={t("explorer.views.search")}
          placeholder={t("explorer.views.search")}
          value={search}
          onChange={(event) => setSearch(event.target.value)}
        />
      )}
      {found.length === 0 && search !== "" && (
        <p className={styles.quiet}>{t("explorer.views.nothing", { text: search })}</p>
      )}
      <ul>
        {found.map((saved) => (
          <SavedRow
            key={saved.id}
            {...{ saved, author, authorField, query, zone }}
            onAttempt={(wanted) => void act(wanted)}
          />
        ))}
      </ul>
    </div>
  );
}

function titleOf(attempt: Attempt): string {
  return attempt.do === "remove" ? attempt.view.title : attempt.draft.title;
}

/** Why something was not done, and what can be done about it. */
function Refused(props: {
  attempt: Attempt;
  refusal: ViewRefusal;
  views: readonly SavedView[] | null;
  zone: string;
  onAttempt: (attempt: Attempt) => void;
}) {
  const { attempt, refusal, views, zone, onAttempt } = props;
  const { t, language } = useWords();
  const { why, reason } = refusal;
  if (why === "token")
    return <TokenForm why={t("explorer.views.token")} onToken={() => onAttempt(attempt)} />;
  const inTheWay = views?.find((one) =>
    why === "title-taken" ? one.title === titleOf(attempt) : "view" in attempt && one.id === attempt.view.id,
  );
  const known = inTheWay && {
    title: inTheWay.title,
    author: inTheWay.author,
    date: formatDate(inTheWay.savedAt, zone, language),
  };
  return (
    <div role="alert">
      <p>
        {why === "other"
          ? t("explorer.views.refused", { reason: reason || t("explorer.state.unreachable") })
          : t(`explorer.views.conflict.${why}`, known ?? { title: titleOf(attempt), author: "", date: "" })}
      </p>
      {inTheWay && attempt.do !== "remove" && (
        <button
          type="button"
          className={styles.button}
          onClick={() => onAttempt({ do: "change", view: inTheWay, draft: attempt.draft })}
        >
          {t("explorer.views.overwrite", { title: inTheWay.title })}
        </button>
      )}
      {why === "missing" && attempt.do === "change" && (
        <button
          type="button"
          className={styles.button}
          onClick={() => onAttempt({ do: "save", draft: attempt.draft })}
        >
          {t("explorer.views.saveAnew")}
        </button>
      )}
    </div>
  );
}

interface RowProps {
  readonly saved: SavedView;
  readonly author: string;
  readonly authorField: RefObject<HTMLInputElement | null>;
  /** Of what is shown. */
  readonly query: string;
  readonly zone: string;
  readonly onAttempt: (attempt: Attempt) => void;
}

function SavedRow({ saved, author, authorField, query, zone, onAttempt }: RowProps) {
  const { t, language } = useWords();
  const [doing, setDoing] = useState<"rename" | "replace" | "remove" | null>(null);
  const [title, setTitle] = useState(saved.title);
  const isShown = `?${formatView(parseView(saved.query).view)}` === query;
  const address = `/explorer${saved.query}`;
  // What had the focus goes: the row keeps it.
  const row = useRef<HTMLLIElement>(null);
  const rest = (): void => {
    setDoing(null);
    row.current?.focus();
  };
  const change = (changed: Partial<SavedView>): void => {
    // Who changes it has to say who they are, in the field above.
    if (authorField.current?.reportValidity() === false) return;
    const draft = { title: saved.title, query: saved.query, ...changed, author: author.trim() };
    onAttempt({ do: "change", view: saved, draft });
    rest();
  };
  return (
    <li ref={row} tabIndex={-1}>
      {doing === "rename" ? (
        <form
          onSubmit={(event) => {
            event.preventDefault();
            change({ title: title.trim() });
          }}
        >
          <input
            required
            aria-label={t("explorer.views.name")}
            maxLength={longestViewTitle}
            value={title}
            ref={(field) => field?.focus()}
            onChange={(event) => setTitle(event.target.value)}
          />
          <button type="submit" className={styles.button}>
            {t("explorer.views.rename")}
          </button>
          <button type="button" className={styles.button} onClick={rest}>
            {t("explorer.views.keep")}
          </button>
        </form>
      ) : (
        <Link to={address} isCurrent={isShown} keepsPlace>
          {saved.title}
        </Link>
      )}
      <p className={styles.note}>
        {[
          saved.author,
          formatDate(saved.savedAt, zone, language),
          ...(isShown ? [t("explorer.views.shown")] : []),
        ].join(" · ")}
      </p>
      {doing === null && (
        <p className={styles.viewActions}>
          <CopyLink url={location.origin + address} words={t("explorer.export.link")} />
          {"share" in navigator && (
            <button type="button" onClick={() => void share(saved.title, location.origin + address)}>
              {t("explorer.views.share")}
            </button>
          )}
          <button type="button" onClick={() => setDoing("rename")}>
            {t("explorer.views.rename")}
          </button>
          {!isShown && (
            <button type="button" onClick={() => setDoing("replace")}>
              {t("explorer.views.replace")}
            </button>
          )}
          <button type="button" onClick={() => setDoing("remove")}>
            {t("explorer.views.remove")}
          </button>
        </p>
      )}
      {doing === "replace" && <Sure what="replace" onYes={() => change({ query })} onNo={rest} />}
      {doing === "remove" && (
        <Sure what="remove" onYes={() => onAttempt({ do: "remove", view: saved })} onNo={rest} />
      )}
    </li>
  );
}

function Sure(props: { what: "replace" | "remove"; onYes: () => void; onNo: () => void }) {
  const { t } = useWords();
  return (
    <p className={styles.viewActions}>
      {t(`explorer.views.sure.${props.what}`)}{" "}
      <button type="button" onClick={props.onYes}>
        {t(`explorer.views.${props.what}`)}
      </button>
      <button type="button" onClick={props.onNo}>
        {t("explorer.views.keep")}
      </button>
    </p>
  );
}

/** By the device's own ways; who thinks better of it has not failed. */
async function share(title: string, url: string): Promise<void> {
  await navigator.share({ title, url }).catch(() => undefined);
}
