import { Component, lazy, Suspense, useCallback, useSyncExternalStore, type ReactNode } from "react";
import type { WallDefinition } from "../../../shared/city.ts";
import { usePreferences } from "../../look/preferences.ts";
import { useWords } from "../../words/words.ts";
import styles from "./map-slot.module.css";

const CityMap = lazy(async () => ({ default: (await import("../../map/city-map.tsx")).CityMap }));

/** How far the map reaches under the header and the summary of `wall.module.css`, in u. */
const underColumns = { top: 110, right: 28, bottom: 0, left: 426 };
/** By day the water has a colour that small print does not keep its contrast on: the map stays between the columns. */
const betweenColumns = { top: 10, right: 28, bottom: 0, left: 14 };
/** The stacked wall of a phone or an upright screen: nothing beside the map. */
const stacked = "(max-aspect-ratio: 4 / 3), (max-height: 639px)";

/** Where the map will be. It comes after the figures, and when it fails the figures stay. */
export function MapSlot({ wall }: { wall: WallDefinition }) {
  const { t } = useWords();
  const { theme } = usePreferences();
  const isStacked = useMedia(stacked);
  return (
    <section className={styles.slot} aria-label={t("faces.wall.map")}>
      <MapFailed words={t("faces.wall.mapFailed")}>
        <Suspense fallback={<p className={styles.words}>{t("faces.wall.mapLoading")}</p>}>
          <CityMap
            wall={wall}
            {...(isStacked ? {} : { bleed: theme === "light" ? betweenColumns : underColumns })}
          />
        </Suspense>
      </MapFailed>
    </section>
  );
}

function useMedia(query: string): boolean {
  const subscribe = useCallback(
    (listener: () => void) => {
      const media = matchMedia(query);
      media.addEventListener("change", listener);
      return () => media.removeEventListener("change", listener);
    },
    [query],
  );
  return useSyncExternalStore(subscribe, () => matchMedia(query).matches);
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
