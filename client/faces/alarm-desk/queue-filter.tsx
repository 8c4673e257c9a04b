import { priorities, type Priority } from "../../../shared/alarms.ts";
import { domains } from "../../../shared/city.ts";
import { useCity } from "../../live/store.ts";
import { setQuery } from "../../route.ts";
import { useWords } from "../../words/words.ts";
import styles from "./alarm-desk.module.css";
import { PriorityMark } from "./priority-mark.tsx";
import type { Queue, QueueFilter } from "./queue.ts";

/** What of the alarms is listed; it stands in the address, so that it stays and can be sent to somebody. */
export function QueueFilterBar({ filter, queue }: { filter: QueueFilter; queue: Queue }) {
  const { t, text } = useWords();
  const city = useCity();
  const owners = new Set(city?.rules.map(({ owner }) => owner));
  const departments = city?.departments.filter(({ id }) => owners.has(id)) ?? [];
  const toggle = (priority: Priority): void => {
    const asked = filter.priorities.includes(priority)
      ? filter.priorities.filter((one) => one !== priority)
      : [...filter.priorities, priority];
    setQuery({ priority: asked.join(",") });
  };
  const { shelved, suppressed, outOfService } = queue;
  return (
    <div className={styles.filter}>
      <div className={styles.priorities}>
        {priorities.toReversed().map((priority) => (
          <button
            key={priority}
            type="button"
            aria-pressed={filter.priorities.includes(priority)}
            onClick={() => toggle(priority)}
          >
            <PriorityMark priority={priority} isKnown={!filter.priorities.includes(priority)} />
          </button>
        ))}
      </div>
      <label>
        {t("desk.domain")}{" "}
        <select value={filter.domain ?? ""} onChange={(event) => setQuery({ domain: event.target.value })}>
          <option value="">{t("desk.everything")}</option>
          {domains.map((domain) => (
            <option key={domain} value={domain}>
              {t(`domains.${domain}`)}
            </option>
          ))}
        </select>
      </label>
      <label>
        {t("desk.owner")}{" "}
        <select value={filter.owner ?? ""} onChange={(event) => setQuery({ owner: event.target.value })}>
          <option value="">{t("desk.everything")}</option>
          {departments.map(({ id, title }) => (
            <option key={id} value={id}>
              {text(title)}
            </option>
          ))}
        </select>
      </label>
      <label>
        {t("desk.search")}{" "}
        <input
          type="search"
          data-search
          value={filter.text}
          onChange={(event) => setQuery({ text: event.target.value })}
        />
      </label>
      <button
        type="button"
        className={styles.hidden}
        aria-pressed={filter.showsHidden}
        onClick={() => setQuery({ show: filter.showsHidden ? null : "hidden" })}
      >
        {filter.showsHidden ? t("desk.work") : t("desk.hidden", { shelved, suppressed, outOfService })}
      </button>
    </div>
  );
}
