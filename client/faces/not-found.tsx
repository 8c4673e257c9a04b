import { useWords } from "../words/words.ts";
import { Link } from "./link.tsx";
import styles from "./plain.module.css";

export function NotFound() {
  const { t } = useWords();
  return (
    <main className={styles.page}>
      <h1>{t("faces.notFound.title")}</h1>
      <p>
        <Link to="/">{t("faces.notFound.start")}</Link>
      </p>
    </main>
  );
}
