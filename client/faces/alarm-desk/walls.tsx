/** The city's walls from the desk: what each shows now, what goes there, and the way back. */

import { useState } from "react";
import type { Alarm } from "../../../shared/alarms.ts";
import { isInForce } from "../../../shared/note.ts";
import type { Sent, SentContent, Shown, WallNow } from "../../../shared/wall-show.ts";
import { askToChange, reasonOf } from "../../live/access.ts";
import { useAlarms, useCity, useCityNow, useWallsNow } from "../../live/store.ts";
import { formatAge } from "../../words/format-age.ts";
import { formatTime } from "../../words/format-time.ts";
import { useWords } from "../../words/words.ts";
import { seriesTitle, useNamedAreas } from "../explorer/naming.ts";
import { parseView } from "../explorer/view.ts";
import { useAlarmMap } from "./alarm-map.ts";
import styles from "./alarm-desk.module.css";
import { useAlarmNames } from "./naming.ts";
import { useOnDuty } from "./on-duty.ts";

const sendingSeconds = [15 * 60, 3_600, 4 * 3_600];

/** What became of the last thing that was asked; `null`: it was done. */
type Trouble = "token" | { readonly reason: string } | null;

/** Something that can be put on a wall, and what its button says. */
export interface Sendable {
  readonly words: string;
  readonly what: SentContent;
}

/** What the walls show, and under an alarm the way for it and its map to one of them. */
export function AlarmWalls({ alarm }: { alarm: Alarm }) {
  const { t } = useWords();
  const map = useAlarmMap(alarm);
  const sendable = [
    { words: t("desk.walls.sendAlarm"), what: { alarm: alarm.id } },
    ...(map ? [{ words: t("desk.walls.sendMap"), what: { map } }] : []),
  ];
  return <Walls sendable={sendable} heading="h3" />;
}

/** What the walls show, and the way there for what can be sent. */
export function Walls(props: { sendable?: readonly Sendable[]; heading?: "h2" | "h3" }) {
  const { sendable = [], heading: Heading = "h2" } = props;
  const { t } = useWords();
  const walls = useWallsNow();
  const duty = useOnDuty();
  const [trouble, setTrouble] = useState<Trouble>(null);
  const ask = async (wall: string, what: SentContent | null, forSeconds: number | null): Promise<void> => {
    const path = `/api/v1/walls/${encodeURIComponent(wall)}/sent`;
    setTrouble(
      await asked(() =>
        what === null ? askToChange(path, "DELETE") : askToChange(path, "PUT", { what, ...duty, forSeconds }),
      ),
    );
  };
  if (walls.length === 0) return null;
  return (
    <section className={styles.walls} aria-label={t("desk.walls.title")}>
      <Heading>{t("desk.walls.title")}</Heading>
      {sendable.length > 0 && duty && (
        <SendForm {...{ sendable, walls }} onSend={(...sending) => void ask(...sending)} />
      )}
      {sendable.length > 0 && !duty && <p>{t("desk.walls.whoFirst")}</p>}
      <p role="status">
        {trouble !== null && (trouble === "token" ? t("desk.token") : t("desk.failed", trouble))}
      </p>
      <ul>
        {walls.map((wall) => (
          <WallLine key={wall.id} wall={wall} onTakeBack={() => void ask(wall.id, null, null)} />
        ))}
      </ul>
    </section>
  );
}

async function asked(ask: () => Promise<Response>): Promise<Trouble> {
  try {
    const answer = await ask();
    if (answer.status === 401) return "token";
    // Somebody else was faster to take it back: it is as it was asked for.
    return answer.ok || answer.status === 404 ? null : { reason: await reasonOf(answer) };
  } catch (error) {
    return { reason: String(error) };
  }
}

function SendForm(props: {
  sendable: readonly Sendable[];
  walls: readonly WallNow[];
  onSend: (wall: string, what: SentContent, forSeconds: number | null) => void;
}) {
  const { sendable, walls, onSend } = props;
  const { t, language } = useWords();
  const titleOf = useWallTitles();
  const connected = walls.find(({ screens }) => screens.length > 0) ?? walls[0]!;
  const [chosen, setChosen] = useState<string | null>(null);
  const [forSeconds, setForSeconds] = useState<number | null>(sendingSeconds[0]!);
  const wall = walls.find(({ id }) => id === chosen)?.id ?? connected.id;
  return (
    <div className={styles.ask}>
      <label>
        {t("desk.walls.to")}{" "}
        <select value={wall} onChange={(event) => setChosen(event.target.value)}>
          {walls.map(({ id }) => (
            <option key={id} value={id}>
              {titleOf(id)}
            </option>
          ))}
        </select>
      </label>
      <label>
        {t("desk.forTime")}{" "}
        <select
          value={forSeconds ?? ""}
          onChange={({ target }) => setForSeconds(target.value === "" ? null : Number(target.value))}
        >
          {sendingSeconds.map((seconds) => (
            <option key={seconds} value={seconds}>
              {formatAge(seconds, language)}
            </option>
          ))}
          <option value="">{t("desk.walls.untilTakenBack")}</option>
        </select>
      </label>
      {sendable.map(({ words, what }) => (
        <button key={words} type="button" onClick={() => onSend(wall, what, forSeconds)}>
          {words}
        </button>
      ))}
    </div>
  );
}

function useWallTitles(): (id: string) => string {
  const { text } = useWords();
  const city = useCity();
  return (id) => {
    const wall = city?.walls.find((one) => one.id === id);
    return wall ? text(wall.title) : id;
  };
}

function WallLine({ wall, onTakeBack }: { wall: WallNow; onTakeBack: () => void }) {
  const { t } = useWords();
  const titleOf = useWallTitles();
  const shownInWords = useShownInWords(wall.id);
  const now = useCityNow(1_000);
  const sent = wall.sent && now !== null && isInForce(wall.sent, now) ? wall.sent : null;
  const shown = Array.from(new Set(wall.screens.map(shownInWords)));
  return (
    <li>
      <b>{titleOf(wall.id)}</b>{" "}
      {wall.screens.length === 0
        ? t("desk.walls.notConnected")
        : t("desk.walls.shows", { count: wall.screens.length, what: shown.join(" · ") })}
      {sent && (
        <>
          <br />
          <SentLine sent={sent} />{" "}
          <button type="button" onClick={onTakeBack}>
            {t("desk.walls.takeBack")}
          </button>
        </>
      )}
    </li>
  );
}

function SentLine({ sent }: { sent: Sent }) {
  const { t, language } = useWords();
  const zone = useCity()?.settings.zone ?? "UTC";
  const { what, by, setAt, untilAt } = sent;
  const name = useNameOfSent(what);
  return t(untilAt === null ? "desk.walls.sent" : "desk.walls.sentUntil", {
    what: name,
    position: by.position,
    time: formatTime(setAt, zone, language),
    until: untilAt === null ? "" : formatTime(untilAt, zone, language),
  });
}

function useNameOfSent(what: SentContent): string {
  const words = useWords();
  const { t } = words;
  const city = useCity();
  const nameOf = useNameOfAlarm();
  const { figures } = parseView("view" in what ? what.view : "").view;
  const areas = useNamedAreas(null, figures);
  if ("alarm" in what) return nameOf(what.alarm);
  const [first] = figures;
  if (first === undefined || city === null) return t(`faces.scenes.${"map" in what ? "map" : "view"}`);
  const title = seriesTitle(first, { city, areas, isOneFigure: false }, words);
  return t("desk.walls.chart", { title, count: figures.length });
}

function useNameOfAlarm(): (id: string) => string {
  const alarms = useAlarms();
  const city = useCity();
  const nameOf = useAlarmNames();
  return (id) => {
    const alarm = alarms.find((one) => one.id === id);
    const rule = city?.rules.find((one) => one.id === alarm?.rule);
    return alarm && rule ? nameOf(alarm, rule) : id;
  };
}

/** What a screen of a wall shows; its scenes by their own names. */
function useShownInWords(wall: string): (shown: Shown) => string {
  const { t, text } = useWords();
  const nameOf = useNameOfAlarm();
  const scenes = useCity()?.walls.find(({ id }) => id === wall)?.scenes ?? [];
  return (shown) => {
    if ("alarm" in shown) return nameOf(shown.alarm);
    if ("sent" in shown) return t("desk.walls.whatWasSent");
    const scene = scenes.find(({ id }) => id === shown.scene);
    return scene ? text(scene.title) : shown.scene;
  };
}
