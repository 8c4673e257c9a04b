import "../../words/desk-words.ts";
import { useMayChange } from "../../live/access.ts";
import { useWords } from "../../words/words.ts";
import { DutyLine } from "../alarm-desk/duty-form.tsx";
import { Walls } from "../alarm-desk/walls.tsx";
import styles from "./explorer.module.css";
import { formatView, type View } from "./view.ts";

/** A view's way to one of the walls, for whoever has said who they are. */
export default function SendToWall({ view }: { view: View }) {
  const { t } = useWords();
  const mayChange = useMayChange();
  const what = { view: formatView(view) };
  return (
    <div className={styles.toWall}>
      <DutyLine />
      {mayChange === true && <Walls sendable={[{ words: t("explorer.toWall.send"), what }]} />}
    </div>
  );
}
