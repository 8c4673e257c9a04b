import { Component, lazy, Suspense, useState, type ReactNode } from "react";
import type { SceneMap } from "../../../shared/wall.ts";
import { usePreferences } from "../../look/preferences.ts";
import { useWords } from "../../words/words.ts";
import styles from "./map-slot.module.css";
import { useIsStacked } from "./screen.ts";

/** Asked for as soon as a wall is, so that the map's code comes while the server still says what there is to draw. */
export const loadMap = () => import("./alarm-map.tsx");

const AlarmMap = lazy(loadMap);

/** How far the map reaches under the header and the summary of `wall.module.css`, in u. */
const underColumns = { top: 110, right: 28, bottom: 0, left: 426 };
/** By day the water has a colour that small print does not keep its contrast on: the map stays between the columns. */
const betweenColumns = { top: 10, right: 28, bottom: 0, left: 14 };
/**
 * Where the map will be. It comes after the figures, and when it fails the figures stay. Scenes come and go over one
 * map: one without a map hides it.
 */
export function MapSlot({ map }: { map: SceneMap | null }) {
  const { t } = useWords();
  const { theme } = usePreferences();
  const isStacked = useIsStacked();
  const [last, setLast] = useState(map);
  if (map !== null && map !== last) setLast(map);
  if (last === null) return null;
  return (
    <section className={styles.slot} aria-label={t("faces.wall.map")} data-shown={map !== null}>
      <MapFailed words={t("faces.wall.mapFailed")}>
        <Suspense fallback={<p className={styles.words}>{t("faces.wall.mapLoading")}</p>}>
          <AlarmMap
            map={map ?? last}
            isShown={map !== null}
            {...(isStacked ? {} : { bleed: theme === "light" ? betweenColumns : underColumns })}
          />
        </Suspense>
      </MapFailed>
    </section>
  );
}

class MapFailed extends Component<{ words: string; children: ReactNode }, { failed: boolean }> {
  override state = { failed: false };

  static getDerivedStateFromError(): { failed: boolean } {
    return { failed: true };
  }

  override render(): ReactNode {
    return this.state.failed ? <p className={styles.words}>{this.props.words}</p> : this.props.children;
  }
}
