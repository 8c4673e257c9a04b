import { useWords } from "../words/words.ts";
import { Link } from "./link.tsx";

/** The ways between the pages of whoever is on duty. */
export function DeskLinks({ of }: { of: "queue" | "area" | "shift" | "system" | "rules" }) {
  const { t } = useWords();
  return (
    <>
      <Link to="/">{t("faces.desk.start")}</Link>
      <Link to="/desk" isCurrent={of === "queue"}>
        {t("faces.desk.queue")}
      </Link>
      <Link to="/desk/area" isCurrent={of === "area"}>
        {t("faces.desk.area")}
      </Link>
      <Link to="/desk/shift" isCurrent={of === "shift"}>
        {t("faces.desk.shift")}
      </Link>
      <Link to="/desk/system" isCurrent={of === "system"}>
        {t("faces.desk.system")}
      </Link>
      <Link to="/desk/rules" isCurrent={of === "rules"}>
        {t("faces.desk.rules")}
      </Link>
    </>
  );
}
