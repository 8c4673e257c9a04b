/** The wall: what is happening now, and what is not normal. Composes; every part reads its own keys. */

import { Component, lazy, Suspense, useEffect, useLayoutEffect, useMemo, type ReactNode } from "react";
import type { CityBody } from "../../../shared/protocol.ts";
import type { Sent } from "../../../shared/wall-show.ts";
import { columnsBeside, typeScale } from "../../../shared/viewing.ts";
import { regionsFor, type SceneDefinition, type WallDefinition } from "../../../shared/wall.ts";
import { useCity, useCityNow, useClock, useConnection, useWall } from "../../live/store.ts";
import { followSun, usePreferences } from "../../look/preferences.ts";
import { isNight } from "../../look/sun.ts";
import { useWords } from "../../words/words.ts";
import { Link } from "../link.tsx";
import { Past, usePastControl } from "../past/past.tsx";
import plain from "../plain.module.css";
import { Announcer } from "./announcer.tsx";
import { DefinitionPanel } from "./definition-panel.tsx";
import { Header } from "./header.tsx";
import { Help } from "./help.tsx";
import { loadMap, MapSlot } from "./map-slot.tsx";
import { useOrbit } from "./orbit.ts";
import { OverBar, useOverMap, useOverScenes, useShowing } from "./over-scenes.tsx";
import { Region } from "./region.tsx";
import { useRotation, type SceneControl } from "./rotation.ts";
import { SceneList } from "./scene-list.tsx";
import { partOfScreens, useIsVeryWide, useScreenShape } from "./screen.ts";
import { moveBetweenTiles } from "./tiles.tsx";
import { useWallKeys, type WallKeys } from "./wall-keys.ts";
import styles from "./wall.module.css";

export function Wall({ id }: { id: string }) {
  const city = useCity();
  const body = useWall(id);
  useEffect(() => {
    // A failure shows where the map would be.
    loadMap().catch(() => undefined);
  }, []);
  if (city === null || body === undefined) return <Waiting />;
  if (body.wall === null) return <UnknownWall id={id} city={city} />;
  return <KnownWall wall={body.wall} sent={body.sent} city={city} />;
}

function KnownWall(props: { wall: WallDefinition; sent: Sent | null; city: CityBody }) {
  const { wall, city } = props;
  const { t } = useWords();
  const clock = useClock();
  const keys = useWallKeys();
  const { hasSingleKeys } = usePreferences();
  const past = usePastControl();
  const isInUse = keys.panel !== null || past.isOpen;
  const over = useOverScenes(wall, props.sent, isInUse);
  const isOver = over.shows !== null;
  const rotation = useRotation(wall.scenes, isInUse || isOver);
  const scene = wall.scenes[rotation.index];
  const control = isOver ? leading(rotation, over.leave) : rotation;
  const overMap = useOverMap(over, wall);
  useShowing(wall.id, over, scene?.id ?? null);
  const scale = typeScale(wall.viewing);
  useLayoutEffect(() => {
    document.documentElement.style.setProperty("--type-scale", String(scale));
    return () => {
      document.documentElement.style.removeProperty("--type-scale");
    };
  }, [scale]);
  useOrbit();
  useSun(city.settings.bounds);
  keys.onScene(control);
  keys.onPast(past.toggle);
  if (scene === undefined) return null;
  const part = partOfScreens(wall.viewing, location.search);
  const map = isOver ? overMap : scene.map;
  const viewed = over.sent && "view" in over.sent.what ? over.sent.what.view : null;
  const ordinary = <Scene key={scene.id} wall={wall} scene={scene} keys={keys} />;
  return (
    <div
      className={styles.wall}
      data-clock={clock?.kind ?? "live"}
      data-ground={map ? "map" : "parts"}
      style={part ?? {}}
    >
      <Header
        wall={wall}
        city={city}
        rotation={control}
        over={isOver && <OverBar over={over} scene={scene} />}
        onHelp={() => keys.act("help")}
        onPast={past.toggle}
      />
      <MapSlot map={map} />
      {isOver ? (
        <Instead key={viewed ?? over.alarm?.id ?? "map"} otherwise={ordinary}>
          {viewed === null ? <OverScene alarm={over.alarm} /> : <ViewScene key={viewed} query={viewed} />}
        </Instead>
      ) : (
        ordinary
      )}
      {over.strip.length > 0 && (
        <Instead otherwise={null}>
          <AlarmStrip alarms={over.strip} />
        </Instead>
      )}
      <Past zone={city.settings.zone} control={past} />
      {hasSingleKeys && <p className={styles.hint}>{t("faces.wall.hint")}</p>}
      <Announcer wall={wall} />
      {keys.panel?.kind === "definition" && <DefinitionPanel id={keys.panel.id} onClose={keys.close} />}
      {keys.panel?.kind === "help" && <Help wall={wall} control={keys} />}
      {keys.panel?.kind === "scenes" && (
        <SceneList scenes={wall.scenes} control={control} onClose={keys.close} />
      )}
    </div>
  );
}

const loadAlarmScene = () => import("./alarm-scene.tsx");
const OverScene = lazy(async () => ({ default: (await loadAlarmScene()).OverScene }));
const ViewScene = lazy(() => import("./view-scene.tsx"));
const AlarmStrip = lazy(async () => ({ default: (await loadAlarmScene()).AlarmStrip }));

/** Whatever turns the scenes leads back to them first. */
function leading(control: SceneControl, back: () => void): SceneControl {
  return { ...control, goTo: back, turn: back };
}

/**
 * Shows `otherwise` until what comes instead is loaded, and when it cannot be: the wall is never empty. What failed stays
 * away, so that something else needs another key.
 */
class Instead extends Component<{ otherwise: ReactNode; children: ReactNode }, { failed: boolean }> {
  override state = { failed: false };

  static getDerivedStateFromError(): { failed: boolean } {
    return { failed: true };
  }

  override render(): ReactNode {
    const { otherwise, children } = this.props;
    return this.state.failed ? otherwise : <Suspense fallback={otherwise}>{children}</Suspense>;
  }
}

/** The wall dims when night falls over the city, and brightens in its morning. */
function useSun(bounds: CityBody["settings"]["bounds"]): void {
  const now = useCityNow(60_000);
  useEffect(() => {
    if (now !== null) followSun(isNight(now, bounds));
  }, [now, bounds]);
}

function Scene({ wall, scene, keys }: { wall: WallDefinition; scene: SceneDefinition; keys: WallKeys }) {
  const { t } = useWords();
  const shape = useScreenShape(wall.viewing);
  const regions = useMemo(() => regionsFor(scene, shape), [scene, shape]);
  const isVeryWide = useIsVeryWide(wall.viewing);
  const besideColumns = columnsBeside(regions.beside, isVeryWide);
  const given = { wall, onOpen: keys.open };
  return (
    <div className={styles.scene} onKeyDown={moveBetweenTiles}>
      <section
        className={styles.left}
        aria-label={t("faces.wall.overview")}
        hidden={regions.left.length === 0}
      >
        <Region slots={regions.left} {...given} />
      </section>
      {scene.map === null && (
        <section className={styles.centre} aria-label={t("faces.wall.centre")}>
          <Region slots={regions.centre} {...given} />
        </section>
      )}
      {shape === "32:9" && regions.beside.length > 0 && (
        <section
          className={styles.beside}
          data-columns={besideColumns.length}
          aria-label={t("faces.wall.beside")}
        >
          {besideColumns.map((slots, i) => (
            <div key={i} className={styles.column}>
              <Region slots={slots} {...given} />
            </div>
          ))}
        </section>
      )}
      <main className={styles.right} hidden={regions.right.length === 0}>
        <Region slots={regions.right} {...given} />
      </main>
      <div className={styles.bottom} hidden={regions.bottom.length === 0}>
        <Region slots={regions.bottom} {...given} />
      </div>
    </div>
  );
}

function Waiting() {
  const { t } = useWords();
  const { state, outdated } = useConnection();
  return (
    <main className={plain.page} role="status">
      <p>
        {t(
          outdated
            ? "connection.outdated"
            : state === "connecting"
              ? "connection.connecting"
              : "faces.wall.loading",
        )}
      </p>
    </main>
  );
}

function UnknownWall({ id, city }: { id: string; city: CityBody }) {
  const { t, text } = useWords();
  return (
    <main className={plain.page}>
      <h1>{t("faces.wall.unknownWall", { id })}</h1>
      <h2>{t("faces.wall.wallsThereAre")}</h2>
      {city.walls.length === 0 && <p>{t("faces.wall.noWalls")}</p>}
      <ul>
        {city.walls.map((wall) => (
          <li key={wall.id}>
            <Link to={`/wall/${encodeURIComponent(wall.id)}`}>{text(wall.title)}</Link>
          </li>
        ))}
      </ul>
    </main>
  );
}
