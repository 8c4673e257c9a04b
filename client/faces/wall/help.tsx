import { readableMetres } from "../../../shared/viewing.ts";
import type { WallDefinition } from "../../../shared/wall.ts";
import { Panel } from "../../look/panel.tsx";
import { toggleSingleKeys, usePreferences } from "../../look/preferences.ts";
import { digitsOf, formatNumber } from "../../words/format-number.ts";
import { useWords, type WordKey } from "../../words/words.ts";
import styles from "./help.module.css";
import type { Action, WallKeys } from "./wall-keys.ts";

/** `null`: the key belongs to what has the focus. */
const keys: readonly (readonly [key: string, word: WordKey, action: Action | null])[] = [
  ["N", "faces.help.nextScene", "next"],
  ["P", "faces.help.previousScene", "previous"],
  ["Space", "faces.help.pause", "pause"],
  ["S", "faces.help.scenes", "scenes"],
  ["L", "faces.help.language", "language"],
  ["T", "faces.help.theme", "theme"],
  ["F", "faces.help.fullscreen", "fullscreen"],
  ["H", "faces.help.past", "past"],
  ["← ↑ ↓ →", "faces.help.move", null],
  ["Enter", "faces.help.open", null],
  ["Esc", "faces.help.close", null],
  ["?", "faces.help.help", null],
];

/** What the keys do, each to be touched too; whether single letters act; how far the wall can be read. */
export function Help({ wall, control }: { wall: WallDefinition; control: Pick<WallKeys, "act" | "close"> }) {
  const { t, language } = useWords();
  const { hasSingleKeys } = usePreferences();
  const { distanceMetres, diagonalInches } = wall.viewing;
  const { figures, smallPrint } = readableMetres(wall.viewing);
  const act = (action: Action): void => {
    // The past has its bar under the panel.
    if (action === "past") control.close();
    control.act(action);
  };
  return (
    <Panel title={t("faces.help.title")} onClose={control.close}>
      <dl>
        {keys.map(([key, word, action]) => (
          <div key={key} className={styles.key}>
            <dt>
              <kbd data-off={key.length === 1 && !hasSingleKeys}>{key}</kbd>
            </dt>
            <dd>
              {action === null ? (
                t(word)
              ) : (
                <button type="button" onClick={() => act(action)}>
                  {t(word)}
                </button>
              )}
            </dd>
          </div>
        ))}
      </dl>
      <button
        type="button"
        role="switch"
        aria-checked={hasSingleKeys}
        className={styles.switch}
        onClick={toggleSingleKeys}
      >
        <span>{t("faces.help.singleKeys")}</span>
        <b>{t(hasSingleKeys ? "faces.help.on" : "faces.help.off")}</b>
      </button>
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
