import { useRef, type KeyboardEvent } from "react";
import type { WallDefinition } from "../../../shared/city.ts";
import { Shape } from "../../look/shapes.tsx";
import { useWords } from "../../words/words.ts";
import { Tile } from "./tile.tsx";
import styles from "./tiles.module.css";

/** Height of the column in tile rows: 12 tiles and 3 headings fill it, up to 16 tiles still read. */
const roomRows = 18;
const headRows = 0.65;

/** How many tiles each column may show so that all fit: columns give way one by one, the longest first. */
export function fitTiles(wanted: readonly number[]): number[] {
  const fitted = wanted.slice();
  const room = roomRows - wanted.length * headRows;
  while (fitted.reduce((sum, n) => sum + n, 0) > room) {
    const longest = fitted.indexOf(Math.max(...fitted));
    fitted[longest] = fitted[longest]! - 1;
  }
  return fitted;
}

/** The figures by domain. Arrow keys move between them, Enter opens what a figure means. */
export function Tiles({ wall, onOpen }: { wall: WallDefinition; onOpen: (id: string) => void }) {
  const { t } = useWords();
  const list = useRef<HTMLDivElement>(null);
  const fitted = fitTiles(wall.columns.map((column) => column.indicators.length));
  const move = (event: KeyboardEvent): void => {
    const step = arrowStep(event.key);
    if (step === 0) return;
    const tiles = Array.from(list.current?.querySelectorAll("button") ?? []);
    const at = tiles.findIndex((tile) => tile === document.activeElement);
    tiles[Math.min(Math.max(at + step, 0), tiles.length - 1)]?.focus();
    event.preventDefault();
  };
  return (
    <div className={styles.tiles} ref={list} onKeyDown={move}>
      {wall.columns.map((column, c) => (
        <section key={column.domain} className={styles.domain} aria-labelledby={`domain-${column.domain}`}>
          <div className={styles.head}>
            <h2 id={`domain-${column.domain}`}>
              <Shape name={column.domain} /> {t(`domains.${column.domain}`)}
            </h2>
            <span className={styles.axis} aria-hidden="true">
              <span>{t("faces.wall.hoursAgo")}</span>
              <span>{t("faces.wall.now")}</span>
            </span>
            <span className={styles.against}>{t("faces.wall.againstTarget")}</span>
          </div>
          <ul>
            {column.indicators.slice(0, fitted[c]).map((id) => (
              <li key={id}>
                <Tile id={id} onOpen={onOpen} />
              </li>
            ))}
          </ul>
          {fitted[c]! < column.indicators.length && (
            <p className={styles.more}>
              {t("faces.wall.moreTiles", { count: column.indicators.length - fitted[c]! })}
            </p>
          )}
        </section>
      ))}
    </div>
  );
}

function arrowStep(key: string): number {
  if (key === "ArrowDown" || key === "ArrowRight") return 1;
  return key === "ArrowUp" || key === "ArrowLeft" ? -1 : 0;
}
