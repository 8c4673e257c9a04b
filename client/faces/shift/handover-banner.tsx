import "../../words/shift-words.ts";
import { useCity, useShift } from "../../live/store.ts";
import { Shape } from "../../look/shapes.tsx";
import { formatTime } from "../../words/format-time.ts";
import { useWords } from "../../words/words.ts";
import styles from "../alarm-desk/alarm-desk.module.css";
import { Link } from "../link.tsx";
import { whoIs } from "./shift-log.ts";

/** Says at the desk that a hand-over waits to be acknowledged, until it is. */
export function HandoverBanner() {
  const { t, language } = useWords();
  const shift = useShift();
  const zone = useCity()?.settings.zone ?? "UTC";
  const [oldest] = shift?.waiting ?? [];
  return (
    <div role="status">
      {oldest && (
        <p className={styles.banner} data-grave="true">
          <Shape name="warning" />{" "}
          {t("shift.waitingFor", {
            count: shift!.waiting.length,
            who: whoIs(oldest.by),
            time: formatTime(oldest.at, zone, language),
          })}{" "}
          <Link to="/desk/shift">{t("shift.read")}</Link>
        </p>
      )}
    </div>
  );
}
