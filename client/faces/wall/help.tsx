import { readableMetres } from "../../../shared/viewing.ts";
import type { WallDefinition } from "../../../shared/wall.ts";
import { Panel } from "../../look/panel.tsx";
import { digitsOf, formatNumber } from "../../words/format-number.ts";
import { useWords, type WordKey } from "../../words/words.ts";
import styles from "./help.module.css";

const keys: readonly (readonly [key: string, word: WordKey])[] = [
  ["N", "faces.help.nextScene"],
  ["P", "faces.help.previousScene"],
  ["Space", "faces.help.pause"],
  ["S", "faces.help.scenes"],
  ["L", "faces.help.language"],
  ["T", "faces.help.theme"],
  ["F", "faces.help.fullscreen"],
  ["H", "faces.help.past"],
  ["← ↑ ↓ →", "faces.help.move"],
  ["Enter", "faces.help.open"],
  ["Esc", "faces.help.close"],
  ["?", "faces.help.help"],
];

export function Help({ wall, onClose }: { wall: WallDefinition; onClose: () => void }) {
  const { t, language } = useWords();
  const { distanceMetres, diagonalInches } = wall.viewing;
  const { figures, smallPrint } = readableMetres(wall.viewing);
  return (
    <Panel title={t("faces.help.title")} onClose={onClose}>
      <dl>
        {keys.map(([key, word]) => (
          <Key key={key} name={key} meaning={t(word)} />
        ))}
      </dl>
      <p className={styles.viewing}>
        {t("faces.help.viewing", {
          distance: formatNumber(distanceMetres, digitsOf(distanceMetres, 1), language),
          diagonal: formatNumber(diagonalInches, 0, language),
        })}{" "}
        {t("faces.help.readable", {
          far: formatNumber(figures, 1, language),
          near: formatNumber(smallPrint, 1, language),
        })}
      </p>
    </Panel>
  );
}

function Key({ name, meaning }: { name: string; meaning: string }) {
  return (
    <>
      <dt>
        <kbd>{name}</kbd>
      </dt>
      <dd>{meaning}</dd>
    </>
  );
}
