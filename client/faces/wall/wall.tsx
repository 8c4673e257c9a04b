/** The wall: what is happening now, and what is not normal. Composes; every part reads its own keys. */

import type { WallDefinition } from "../../../shared/city.ts";
import type { CityBody } from "../../../shared/protocol.ts";
import { useCity, useClock, useConnection, useWall } from "../../live/store.ts";
import { useWords } from "../../words/words.ts";
import { Link } from "../link.tsx";
import plain from "../plain.module.css";
import { Announcer } from "./announcer.tsx";
import { AreasSection } from "./areas-section.tsx";
import { DataSection } from "./data-section.tsx";
import { DefinitionPanel } from "./definition-panel.tsx";
import { Header } from "./header.tsx";
import { Help } from "./help.tsx";
import { MapSlot } from "./map-slot.tsx";
import { OffTargetSection } from "./off-target-section.tsx";
import { Tiles } from "./tiles.tsx";
import { TodaySlot } from "./today-slot.tsx";
import { useWallKeys } from "./wall-keys.ts";
import styles from "./wall.module.css";

export function Wall({ id }: { id: string }) {
  const city = useCity();
  const body = useWall(id);
  if (city === null || body === undefined) return <Waiting />;
  if (body.wall === null) return <UnknownWall id={id} city={city} />;
  return <KnownWall wall={body.wall} city={city} />;
}

function KnownWall({ wall, city }: { wall: WallDefinition; city: CityBody }) {
  const { t } = useWords();
  const clock = useClock();
  const keys = useWallKeys();
  return (
    <div className={styles.wall} data-clock={clock?.kind ?? "live"}>
      <Header wall={wall} city={city} />
      <section className={styles.summary} aria-label={t("faces.wall.overview")}>
        <OffTargetSection wall={wall} />
        <DataSection />
        {wall.map.shade && <AreasSection shade={wall.map.shade} />}
      </section>
      <MapSlot wall={wall} />
      <main className={styles.figures}>
        <Tiles wall={wall} onOpen={keys.open} />
      </main>
      <TodaySlot wall={wall} />
      <p className={styles.hint}>{t("faces.wall.hint")}</p>
      <Announcer wall={wall} />
      {keys.opened !== null && <DefinitionPanel id={keys.opened} onClose={keys.close} />}
      {keys.helping && <Help wall={wall} onClose={keys.close} />}
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
