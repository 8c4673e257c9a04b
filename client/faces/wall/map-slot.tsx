import { Component, lazy, Suspense, type ComponentType, type ReactNode } from "react";
import type { WallDefinition } from "../../../shared/city.ts";
import { useWords } from "../../words/words.ts";
import styles from "./map-slot.module.css";

interface MapModule {
  readonly CityMap: ComponentType<{ wall: WallDefinition }>;
}

const loadMap = import.meta.glob<MapModule>("../../map/city-map.tsx")["../../map/city-map.tsx"];
const CityMap = lazy(async () => ({ default: (await loadMap!()).CityMap }));

/** Where the map will be. It comes after the figures, and when it fails the figures stay. */
export function MapSlot({ wall }: { wall: WallDefinition }) {
  const { t } = useWords();
  return (
    <section className={styles.slot} aria-label={t("faces.wall.map")}>
      <MapFailed words={t("faces.wall.mapFailed")}>
        <Suspense fallback={<p className={styles.words}>{t("faces.wall.mapLoading")}</p>}>
          <CityMap wall={wall} />
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
