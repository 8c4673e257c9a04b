import "../../words/desk-words.ts";
import "../../words/dossier-words.ts";
import { lazy, Suspense, useCallback, useMemo, useState } from "react";
import type { Dossier } from "../../../shared/dossier.ts";
import { useCity, useCityNow } from "../../live/store.ts";
import type { Drawing } from "../../map/drawn-outline.ts";
import { useAreas } from "../../map/ground-data.ts";
import { setQuery, useQuery } from "../../route.ts";
import { useWords } from "../../words/words.ts";
import { useAnswer } from "../alarm-system/use-answer.ts";
import { Desk } from "../desk.tsx";
import { DeskLinks } from "../desk-links.tsx";
import styles from "./area.module.css";
import { pressed, withinOf, type Place, type Tool } from "./drawn-area.ts";
import { DossierView } from "./dossier-view.tsx";

const CityMap = lazy(async () => ({ default: (await import("../../map/city-map.tsx")).CityMap }));

/** Of the city and of the wall. */
const askEveryMs = 15_000;

const map = {
  layers: ["CapAlert", "Situation", "WorkZone", "DispatchCall", "ServiceRequest"],
  shade: null,
} as const;

/** Everything in an area, from all departments: drawn on the map or chosen; the address is the area. */
export default function Area() {
  const { t } = useWords();
  const [within, area] = [useQuery("within"), useQuery("area")];
  const now = useCityNow(askEveryMs, askEveryMs);
  const path =
    area !== null
      ? `/api/v1/dossier?area=${encodeURIComponent(area)}`
      : within !== null
        ? `/api/v1/dossier?within=${encodeURIComponent(within)}`
        : null;
  const answer = useAnswer<Dossier>(path, now);
  const dossier = path !== null && answer?.path === path && "value" in answer ? answer.value : null;
  const { drawing, ...tools } = useDrawing(dossier?.outline ?? null);
  return (
    <Desk title={t("faces.desk.area")} className={styles.page!} links={<DeskLinks of="area" />}>
      <main className={styles.columns} data-chosen={path !== null}>
        <section className={styles.drawing} aria-label={t("dossier.choose")}>
          <Tools {...tools} isChosen={path !== null} />
          <div className={styles.map}>
            <Suspense fallback={null}>
              <CityMap map={map} isShown drawing={drawing} />
            </Suspense>
          </div>
        </section>
        <section className={styles.dossier} aria-live="off">
          {path !== null && answer?.path !== path && <p className={styles.quiet}>{t("dossier.loading")}</p>}
          {answer !== null && answer.path === path && "failed" in answer && (
            <p role="alert">{t("dossier.failed", { reason: answer.failed })}</p>
          )}
          {dossier !== null && <DossierView dossier={dossier} isDrawn={area === null} />}
        </section>
      </main>
    </Desk>
  );
}

/** What is drawn now, and what lies on the map while nothing is. */
function useDrawing(outline: Drawing["outline"]) {
  const [tool, setTool] = useState<Tool | null>(null);
  const [corners, setCorners] = useState<readonly Place[]>([]);
  const stop = useCallback((): void => {
    setTool(null);
    setCorners([]);
  }, []);
  const finish = useCallback(
    (done: readonly Place[]): void => {
      stop();
      setQuery({ within: withinOf(done), area: null });
    },
    [stop],
  );
  const drawing = useMemo((): Drawing => {
    if (tool === null) return { outline, corners: [], onCorner: null };
    const onCorner = (place: Place, isFirst: boolean): void => {
      const next = pressed(tool, corners, place, isFirst);
      if (next.done) finish(next.done);
      else setCorners(next.corners);
    };
    return { outline: null, corners, onCorner };
  }, [tool, outline, corners, finish]);
  return {
    drawing,
    tool,
    corners,
    begin: (chosen: Tool) => {
      setCorners([]);
      setTool(chosen);
    },
    undo: () => setCorners(corners.slice(0, -1)),
    finish: () => finish(corners),
    stop,
  };
}

type ToolsProps = Omit<ReturnType<typeof useDrawing>, "drawing"> & { readonly isChosen: boolean };

function Tools({ tool, corners, begin, undo, finish, stop, isChosen }: ToolsProps) {
  const { t } = useWords();
  return (
    <div className={styles.tools}>
      {tool === null ? (
        <>
          <button type="button" onClick={() => begin("outline")}>
            {t("dossier.outline")}
          </button>
          <button type="button" onClick={() => begin("box")}>
            {t("dossier.box")}
          </button>
          <AreaChoice />
          {isChosen && (
            <button type="button" onClick={() => setQuery({ within: null, area: null })}>
              {t("dossier.clear")}
            </button>
          )}
        </>
      ) : (
        <>
          {tool === "outline" && (
            <button type="button" data-main="true" disabled={corners.length < 3} onClick={finish}>
              {t("dossier.finish")}
            </button>
          )}
          <button type="button" disabled={corners.length === 0} onClick={undo}>
            {t("dossier.undo")}
          </button>
          <button type="button" onClick={stop}>
            {t("dossier.cancel")}
          </button>
        </>
      )}
      <p className={styles.hint} role="status">
        {tool !== null
          ? `${t(`dossier.hint.${tool}`)} ${t("dossier.corners", { count: corners.length })}`
          : !isChosen && t("dossier.hint.none")}
      </p>
    </div>
  );
}

/** One of the city's areas instead of a drawn one. */
function AreaChoice() {
  const { t, text } = useWords();
  const levels = useCity()?.areaLevels ?? [];
  const chosen = useQuery("area") ?? "";
  if (levels.length === 0) return null;
  return (
    <label>
      {t("dossier.area")}{" "}
      <select
        value={chosen}
        onChange={(event) => setQuery({ area: event.target.value || null, within: null })}
      >
        <option value="">{t("dossier.noArea")}</option>
        {levels.map(({ level, title }) => (
          <optgroup key={level} label={text(title)}>
            <AreaOptions level={level} />
          </optgroup>
        ))}
      </select>
    </label>
  );
}

function AreaOptions({ level }: { level: string }) {
  const { text, language } = useWords();
  const areas = useAreas(level)?.features ?? [];
  return areas
    .map(({ properties: { id, name } }) => ({ id, name: text(name) }))
    .toSorted((a, b) => a.name.localeCompare(b.name, language))
    .map(({ id, name }) => (
      <option key={id} value={`${level}:${id}`}>
        {name}
      </option>
    ));
}
