import { useRef, type KeyboardEvent } from "react";
import type { Domain, WallDefinition } from "../../../shared/city.ts";
import { Shape } from "../../look/shapes.tsx";
import { useWords } from "../../words/words.ts";
import { Tile } from "./tile.tsx";
import styles from "./tiles.module.css";

/** Units of the canvas: the column, a heading, a tile at its lowest, a row of two compact tiles. */
const room = { column: 968, head: 42, tile: 60, compactRow: 34 };
const compactAtMost = 4;

/** Figures about Citydeck itself are set small, two in a row. */
function isCompact(domain: Domain): boolean {
  return domain === "platform";
}

/** How many figures each column may show so that all fit: columns give way one by one, the longest first. */
export function fitTiles(columns: readonly { readonly domain: Domain; readonly wanted: number }[]): number[] {
  const fitted = columns.map(({ domain, wanted }) =>
    isCompact(domain) ? Math.min(wanted, compactAtMost) : wanted,
  );
  const heightOf = (count: number, c: number): number =>
    isCompact(columns[c]!.domain) ? Math.ceil(count / 2) * room.compactRow : count * room.tile;
  const height = (): number => fitted.reduce((sum, count, c) => sum + room.head + heightOf(count, c), 0);
  while (height() > room.column) {
    const full = fitted.map((count, c) => (isCompact(columns[c]!.domain) ? 0 : count));
    const longest = full.indexOf(Math.max(...full));
    if (full[longest] === 0) break;
    fitted[longest] = fitted[longest]! - 1;
  }
  return fitted;
}

/** The figures by domain. Arrow keys move between them, Enter opens what a figure means. */
export function Tiles({ wall, onOpen }: { wall: WallDefinition; onOpen: (id: string) => void }) {
  const { t } = useWords();
  const list = useRef<HTMLDivElement>(null);
  const fitted = fitTiles(
    wall.columns.map(({ domain, indicators }) => ({ domain, wanted: indicators.length })),
  );
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
        <section
          key={column.domain}
          className={styles.domain}
          data-compact={isCompact(column.domain)}
          aria-labelledby={`domain-${column.domain}`}
        >
          <div className={styles.head}>
            <h2 id={`domain-${column.domain}`}>
              <Shape name={column.domain} /> {t(`domains.${column.domain}`)}
            </h2>
            {!isCompact(column.domain) && <Axis />}
          </div>
          <ul>
            {column.indicators.slice(0, fitted[c]).map((id) => (
              <li key={id}>
                <Tile id={id} compact={isCompact(column.domain)} onOpen={onOpen} />
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

function arrowStep(key: string): number {
  if (key === "ArrowDown" || key === "ArrowRight") return 1;
  return key === "ArrowUp" || key === "ArrowLeft" ? -1 : 0;
}
