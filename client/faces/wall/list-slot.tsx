import { lazy, Suspense } from "react";
import type { WallDefinition } from "../../../shared/city.ts";
import { useWords } from "../../words/words.ts";
import { Section } from "./section.tsx";
import styles from "./list-slot.module.css";

const EntityList = lazy(async () => ({ default: (await import("../../map/entity-list.tsx")).EntityList }));

/** The map's things in words, for everybody who does not use the map; comes with the map. */
export function ListSlot({ wall }: { wall: WallDefinition }) {
  const { t } = useWords();
  if (wall.map.layers.length === 0) return null;
  return (
    <div className={styles.slot}>
      <Section title={t("map.legend.title")}>
        <Suspense fallback={null}>
          <EntityList wall={wall} />
        </Suspense>
      </Section>
    </div>
  );
}
