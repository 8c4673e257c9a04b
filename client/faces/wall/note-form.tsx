import { useState, type FormEvent } from "react";
import { cityDate, localToInstant } from "../../../shared/city-time.ts";
import { longestNote } from "../../../shared/note.ts";
import { askToChange, reasonOf } from "../../live/access.ts";
import { useCity, useCityNow, useNote } from "../../live/store.ts";
import { formatTime } from "../../words/format-time.ts";
import { useWords } from "../../words/words.ts";
import { TokenForm } from "../token-form.tsx";
import styles from "./note-form.module.css";

/** What is noted about a figure, and a line to say something else: everybody sees it on the tile. */
export default function NoteForm({ indicator }: { indicator: string }) {
  const { t, language } = useWords();
  const note = useNote(indicator);
  const now = useCityNow(60_000) ?? 0;
  const zone = useCity()?.settings.zone ?? "UTC";
  const [text, setText] = useState(note?.text ?? "");
  const [until, setUntil] = useState("");
  const [refused, setRefused] = useState<string | null>(null);
  /** What waits for the access token. */
  const [waiting, setWaiting] = useState<"PUT" | "DELETE" | null>(null);
  const path = `/api/v1/notes/${encodeURIComponent(indicator)}`;

  const send = async (method: "PUT" | "DELETE"): Promise<void> => {
    const body =
      method === "PUT" ? { text, untilAt: until === "" ? null : nextAt(until, now, zone) } : undefined;
    try {
      const answer = await askToChange(path, method, body);
      setWaiting(answer.status === 401 ? method : null);
      setRefused(answer.ok || answer.status === 401 ? null : await reasonOf(answer));
      if (answer.ok && method === "DELETE") setText("");
    } catch (error) {
      setRefused(String(error));
    }
  };
  if (waiting !== null)
    return <TokenForm why={t("faces.admin.tokenNeeded")} onToken={() => void send(waiting)} />;
  return (
    <form
      className={styles.form}
      onSubmit={(event: FormEvent) => {
        event.preventDefault();
        void send("PUT");
      }}
    >
      {note !== null && (
        <p>
          “{note.text}”{" "}
          {note.untilAt !== null && t("faces.note.until", { time: formatTime(note.untilAt, zone, language) })}{" "}
          <button type="button" onClick={() => void send("DELETE")}>
            {t("faces.note.remove")}
          </button>
        </p>
      )}
      <p className={styles.line}>
        <input
          aria-label={t("faces.note.text")}
          placeholder={t("faces.note.example")}
          maxLength={longestNote}
          required
          value={text}
          onChange={(event) => setText(event.target.value)}
        />
        <label>
          {t("faces.note.untilLabel")}{" "}
          <input type="time" value={until} onChange={(event) => setUntil(event.target.value)} />
        </label>
        <button type="submit">{t("faces.note.set")}</button>
      </p>
      {refused !== null && <p role="alert">{t("faces.note.refused", { reason: refused })}</p>}
    </form>
  );
}

/** The next time the city's clocks show `time` (`16:00`), today or tomorrow. */
export function nextAt(time: string, now: number, zone: string): number {
  const [hour, minute] = time.split(":").map(Number) as [number, number];
  const on = (date: string): number => {
    const [year, month, day] = date.split("-").map(Number) as [number, number, number];
    return localToInstant({ year, month, day, hour, minute, second: 0 }, zone);
  };
  const today = on(cityDate(now, zone));
  return today > now ? today : on(cityDate(now + 86_400_000, zone));
}
