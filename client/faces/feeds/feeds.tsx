import "../../words/feeds-words.ts";
import { useQuery } from "../../route.ts";
import { useWords } from "../../words/words.ts";
import { Desk } from "../desk.tsx";
import { Link } from "../link.tsx";
import { FeedDetail } from "./feed-detail.tsx";
import { FeedList } from "./feed-list.tsx";
import { useFeedQuality } from "./feed-quality.ts";
import styles from "./feeds.module.css";
import { Islands } from "./islands.tsx";
import { LostStretches } from "./lost-stretches.tsx";
import { SupplierRegister } from "./supplier-register.tsx";

/** What every feed owes and gives: all of them, one of them (`?feed=`), by supplier (`?view=suppliers`), or by department and kind (`?view=islands`). */
export default function Feeds() {
  const { t } = useWords();
  const feed = useQuery("feed");
  const view = useQuery("view");
  const qualities = useFeedQuality();
  return (
    <Desk
      title={t("faces.quality.title")}
      className={styles.page!}
      links={
        <>
          <Link to="/">{t("faces.quality.start")}</Link>
          <Link to="/feeds" isCurrent={view === null && feed === null}>
            {t("faces.quality.feeds")}
          </Link>
          <Link to="/feeds?view=suppliers" isCurrent={view === "suppliers"}>
            {t("faces.quality.suppliers")}
          </Link>
          <Link to="/feeds?view=islands" isCurrent={view === "islands"}>
            {t("faces.islands.title")}
          </Link>
        </>
      }
    >
      <main>
        {view === "suppliers" ? (
          <SupplierRegister qualities={qualities} />
        ) : view === "islands" ? (
          <Islands qualities={qualities} />
        ) : feed === null ? (
          <>
            <FeedList qualities={qualities} />
            <LostStretches />
          </>
        ) : (
          <FeedDetail key={feed} id={feed} quality={qualities.get(feed) ?? null} />
        )}
      </main>
    </Desk>
  );
}
