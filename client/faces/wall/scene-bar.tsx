import type { SceneDefinition } from "../../../shared/wall.ts";
import { Shape } from "../../look/shapes.tsx";
import { formatNumber } from "../../words/format-number.ts";
import { useWords } from "../../words/words.ts";
import type { SceneControl } from "./rotation.ts";
import styles from "./scene-bar.module.css";

/** The scene's name, one bar per scene of the rotation with the time it has left, and what holds it. */
export function SceneBar({ scenes, control }: { scenes: readonly SceneDefinition[]; control: SceneControl }) {
  const { t, text, language } = useWords();
  const { index, share, remainingSeconds, state } = control;
  const scene = scenes[index];
  if (scene === undefined) return null;
  return (
    <div className={styles.bar}>
      <p className={styles.title}>{text(scene.title)}</p>
      {state !== "alone" && (
        <>
          <ol className={styles.pips} aria-label={t("faces.scenes.title")}>
            {scenes.map((one, i) => (
              <li key={one.id} className={styles.pip} data-shown={i === index}>
                <button
                  type="button"
                  title={text(one.title)}
                  aria-label={text(one.title)}
                  aria-current={i === index ? "true" : undefined}
                  onClick={() => control.goTo(i)}
                >
                  <span style={i === index ? { "--share": state === "running" ? share : 1 } : {}} />
                </button>
              </li>
            ))}
          </ol>
          {state === "pinned" ? (
            <p className={styles.state}>{t("faces.scenes.pinned")}</p>
          ) : (
            <button
              type="button"
              className={styles.hold}
              aria-pressed={state === "paused"}
              onClick={control.pause}
            >
              {state === "paused" ? (
                <>
                  <Shape name="paused" /> {t("faces.scenes.paused")}
                </>
              ) : (
                t("faces.scenes.next", { seconds: formatNumber(remainingSeconds, 0, language) })
              )}
            </button>
          )}
        </>
      )}
    </div>
  );
}
