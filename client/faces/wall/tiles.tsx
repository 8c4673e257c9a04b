import { useId, type KeyboardEvent } from "react";
import type { PartOf } from "../../../shared/wall.ts";
import { Shape } from "../../look/shapes.tsx";
import { useWords } from "../../words/words.ts";
import { Tile } from "./tile.tsx";
import styles from "./tiles.module.css";

/** Figures of one domain. Enter opens what a figure means. */
export function Tiles(props: {
  part: PartOf<"tiles">;
  /** The figures above are of the same domain: its name is not said again. */
  continues: boolean;
  onOpen: (id: string) => void;
}) {
  const { part, continues, onOpen } = props;
  const { t } = useWords();
  const { compact } = part;
  const id = useId();
  return (
    <section
      className={styles.domain}
      data-compact={compact}
      data-continues={continues}
      style={{ "--rows": part.indicators.length }}
      aria-labelledby={id}
    >
      <div className={styles.head}>
        <h2 id={id}>
          <Shape name={part.domain} /> {t(`domains.${part.domain}`)}
        </h2>
        {!compact && <Axis />}
      </div>
      <ul>
        {part.indicators.map((indicator) => (
          <li key={indicator}>
            <Tile id={indicator} compact={compact} onOpen={onOpen} />
          </li>
        ))}
      </ul>
    </section>
  );
}

/** What the middle and the right of the rows below show. */
function Axis() {
  const { t } = useWords();
  return (
    <>
      <span className={styles.axis} aria-hidden="true">
        <span>{t("faces.wall.hoursAgo")}</span>
        <span>{t("faces.wall.now")}</span>
      </span>
      <span className={styles.against}>{t("faces.wall.againstTarget")}</span>
    </>
  );
}

/** Arrow keys move between the tiles of everything inside `event.currentTarget`. */
export function moveBetweenTiles(event: KeyboardEvent<HTMLElement>): void {
  const step = arrowStep(event.key);
  if (step === 0) return;
  const tiles = Array.from(event.currentTarget.querySelectorAll<HTMLElement>("button[data-indicator]"));
  const at = tiles.findIndex((tile) => tile === document.activeElement);
  if (at < 0) return;
  tiles[Math.min(Math.max(at + step, 0), tiles.length - 1)]?.focus();
  event.preventDefault();
}

function arrowStep(key: string): number {
  if (key === "ArrowDown" || key === "ArrowRight") return 1;
  return key === "ArrowUp" || key === "ArrowLeft" ? -1 : 0;
}
