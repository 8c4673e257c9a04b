import type { WallDefinition } from "../../../shared/city.ts";
import { Panel } from "../../look/panel.tsx";
import { formatNumber } from "../../words/format-number.ts";
import { useWords, type WordKey } from "../../words/words.ts";
import styles from "./help.module.css";
import { readableMetres } from "./viewing.ts";

const keys: readonly (readonly [key: string, word: WordKey])[] = [
  ["L", "faces.help.language"],
  ["T", "faces.help.theme"],
  ["F", "faces.help.fullscreen"],
  ["← ↑ ↓ →", "faces.help.move"],
  ["Enter", "faces.help.open"],
  ["Esc", "faces.help.close"],
  ["?", "faces.help.help"],
];

export function Help({ wall, onClose }: { wall: WallDefinition; onClose: () => void }) {
  const { t, language } = useWords();
  const { distanceMetres, diagonalInches } = wall.viewing;
  const { far, near } = readableMetres(wall.viewing);
  return (
    <Panel title={t("faces.help.title")} onClose={onClose}>
      <dl>
        {keys.map(([key, word]) => (
          <Key key={key} name={key} meaning={t(word)} />
        ))}
      </dl>
      <p className={styles.viewing}>
        {t("faces.help.viewing", {
          distance: formatNumber(distanceMetres, 0, language),
          diagonal: formatNumber(diagonalInches, 0, language),
        })}{" "}
        {t("faces.help.readable", {
          far: formatNumber(far, 1, language),
          near: formatNumber(near, 1, language),
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
