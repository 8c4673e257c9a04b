import type { SceneDefinition } from "../../../shared/wall.ts";
import { Panel } from "../../look/panel.tsx";
import { formatNumber } from "../../words/format-number.ts";
import { valueInWords } from "../../words/format-value.ts";
import { useWords } from "../../words/words.ts";
import type { SceneControl } from "./rotation.ts";
import styles from "./scene-list.module.css";

/** All scenes of the wall, to go to one of them. */
export function SceneList(props: {
  scenes: readonly SceneDefinition[];
  control: SceneControl;
  onClose: () => void;
}) {
  const { scenes, control, onClose } = props;
  const { t, text, language } = useWords();
  return (
    <Panel title={t("faces.scenes.title")} onClose={onClose}>
      <ol className={styles.list}>
        {scenes.map((scene, i) => (
          <li key={scene.id}>
            <button
              type="button"
              className={styles.scene}
              aria-current={i === control.index ? "true" : undefined}
              onClick={() => {
                control.goTo(i);
                onClose();
              }}
            >
              <kbd>{formatNumber(i + 1, 0, language)}</kbd>
              <span>{text(scene.title)}</span>
              <span className={styles.seconds}>{valueInWords(scene.seconds, "seconds", language)}</span>
            </button>
          </li>
        ))}
      </ol>
    </Panel>
  );
}
