import { useRef, useState } from "react";
import type { FeedStatus } from "../../../shared/feed.ts";
import type { FeedBody, FeedRule } from "../../../shared/feed-quality.ts";
import type { Inspection } from "../../../shared/inspection.ts";
import { askToChange, reasonOf } from "../../live/access.ts";
import { useCity } from "../../live/store.ts";
import { formatNumber } from "../../words/format-number.ts";
import { formatTime } from "../../words/format-time.ts";
import { useWords } from "../../words/words.ts";
import { TokenForm } from "../token-form.tsx";
import styles from "./feeds.module.css";
import { NoticeTable } from "./notice-table.tsx";

type Asked<T> = { readonly value: T } | { readonly refused: string; readonly needsToken: boolean } | null;

/** The feed's last body as it came, and what it decodes to now; asked for by hand, because both can be large. */
export function LastBody({ feed, rules }: { feed: FeedStatus; rules: ReadonlyMap<string, FeedRule> }) {
  const { t } = useWords();
  const [body, setBody] = useState<Asked<FeedBody>>(null);
  const [replayed, setReplayed] = useState<Asked<Inspection>>(null);
  const [part, setPart] = useState<string | null>(null);
  const pathOf = (what: string, name: string | null): string =>
    `/api/v1/feeds/${encodeURIComponent(feed.id)}/${what}${name === null ? "" : `?part=${encodeURIComponent(name)}`}`;
  // Answers about a part that is no longer chosen come too late.
  const chosen = useRef<string | null>(null);
  const show = async (name: string | null): Promise<void> => {
    chosen.current = name;
    setPart(name);
    setReplayed(null);
    const answer = await asked<FeedBody>(pathOf("body", name), "GET");
    if (chosen.current === name) setBody(answer);
  };
  const replay = async (): Promise<void> => {
    const answer = await asked<Inspection>(pathOf("replay", part), "POST");
    if (chosen.current === part) setReplayed(answer);
  };
  const refused = [body, replayed].find((one) => one !== null && "refused" in one);
  const parts = body !== null && "value" in body ? body.value.parts : [];
  return (
    <div>
      <p className={styles.actions}>
        <button type="button" onClick={() => void show(part)}>
          {t("faces.quality.showBody")}
        </button>
        <button type="button" onClick={() => void replay()}>
          {t("faces.quality.replay")}
        </button>
        {parts.length > 1 && (
          <label>
            {t("faces.quality.part")}{" "}
            <select
              value={part ?? parts[0]}
              onChange={(event) => {
                void show(event.target.value);
              }}
            >
              {parts.map((name) => (
                <option key={name}>{name}</option>
              ))}
            </select>
          </label>
        )}
      </p>
      <div role="status">
        {refused && "refused" in refused && <p>{t("faces.quality.refused", { reason: refused.refused })}</p>}
      </div>
      {refused && "needsToken" in refused && refused.needsToken && (
        <TokenForm why={t("faces.quality.tokenNeeded")} onToken={() => void show(part)} />
      )}
      {replayed !== null && "value" in replayed && (
        <Replayed inspection={replayed.value} feed={feed} rules={rules} />
      )}
      {body !== null && "value" in body && <Body body={body.value} />}
    </div>
  );
}

async function asked<T>(path: string, method: "GET" | "POST"): Promise<Asked<T>> {
  try {
    const answer = await askToChange(path, method);
    if (answer.ok) return { value: (await answer.json()) as T };
    return { refused: await reasonOf(answer), needsToken: answer.status === 401 };
  } catch (error) {
    return { refused: String(error), needsToken: false };
  }
}

function Body({ body }: { body: FeedBody }) {
  const { t, language } = useWords();
  const zone = useCity()?.settings.zone;
  const said = [
    ...(zone === undefined
      ? []
      : [
          t("faces.quality.bodyLine", {
            size: formatNumber(body.size, 0, language),
            time: formatTime(body.receivedAt, zone, language),
          }),
        ]),
    ...(body.isCut ? [t("faces.quality.cut")] : []),
    ...(body.form === "hex" ? [t("faces.quality.hex")] : []),
    ...(body.url === null ? [] : [body.url]),
  ];
  return (
    <section>
      <p className={styles.quiet}>{said.join(" · ")}</p>
      <textarea
        className={styles.body}
        aria-label={t("faces.quality.content")}
        readOnly
        rows={24}
        value={body.content}
      />
    </section>
  );
}

function Replayed({
  inspection,
  feed,
  rules,
}: {
  inspection: Inspection;
  feed: FeedStatus;
  rules: ReadonlyMap<string, FeedRule>;
}) {
  const { t, language } = useWords();
  const counts = Object.entries(inspection.entities).map(
    ([kind, count]) => `${formatNumber(count, 0, language)} ${kind}`,
  );
  const unsaid = t("faces.quality.unsaid");
  const facts: [string, string][] = [
    [t("faces.quality.things"), counts.join(t("map.list.and")) || "0"],
    [t("faces.quality.withPosition"), formatNumber(inspection.withPosition, 0, language)],
    [t("faces.quality.version"), inspection.version ?? unsaid],
    [t("faces.quality.mode"), t(`faces.quality.updateMode.${inspection.mode}`)],
    [
      t("faces.quality.observed"),
      inspection.observedFrom === null
        ? unsaid
        : t("faces.quality.observedSpan", {
            from: inspection.observedFrom,
            to: inspection.observedTo ?? unsaid,
          }),
    ],
    [t("faces.quality.headerAt"), inspection.headerAt ?? unsaid],
  ];
  return (
    <section>
      <h4>{t("faces.quality.replayed")}</h4>
      <dl className={styles.facts}>
        {facts.map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
      {inspection.notices.length > 0 && (
        <NoticeTable spec={feed.spec} notices={inspection.notices} rules={rules} />
      )}
    </section>
  );
}
