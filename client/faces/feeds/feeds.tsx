import { useQuery } from "../../route.ts";
import { useWords } from "../../words/words.ts";
import { Desk } from "../desk.tsx";
import { Link } from "../link.tsx";
import { FeedDetail } from "./feed-detail.tsx";
import { FeedList } from "./feed-list.tsx";
import { useFeedQuality } from "./feed-quality.ts";
import styles from "./feeds.module.css";
import { SupplierRegister } from "./supplier-register.tsx";

/** What every feed owes and gives: all of them, one of them (`?feed=`), or by supplier (`?view=suppliers`). */
export default function Feeds() {
  const { t } = useWords();
  const feed = useQuery("feed");
  const isRegister = useQuery("view") === "suppliers";
  const qualities = useFeedQuality();
  return (
    <Desk
      title={t("faces.quality.title")}
      className={styles.page!}
      links={
        <>
          <Link to="/">{t("faces.quality.start")}</Link>
          <Link to="/feeds" isCurrent={!isRegister && feed === null}>
            {t("faces.quality.feeds")}
          </Link>
          <Link to="/feeds?view=suppliers" isCurrent={isRegister}>
            {t("faces.quality.suppliers")}
          </Link>
        </>
      }
    >
      <main>
        {isRegister ? (
          <SupplierRegister qualities={qualities} />
        ) : feed === null ? (
          <FeedList qualities={qualities} />
        ) : (
          <FeedDetail key={feed} id={feed} quality={qualities.get(feed) ?? null} />
        )}
      </main>
    </Desk>
  );
}
