import type { Domain } from "../../../shared/city.ts";
import type { WallDefinition } from "../../../shared/wall.ts";
import { Shape } from "../../look/shapes.tsx";
import { gapInWords } from "../../words/format-value.ts";
import { useWords, type WordKey } from "../../words/words.ts";
import styles from "./off-target-section.module.css";
import { Section } from "./section.tsx";
import { hasTarget, isUnknown, useStandings, worstFirst, type Standing } from "./standing.ts";

const shownAtMost = 5;

/** How many figures miss their target, where, and which ones: a count of facts, no invented score. */
export function OffTargetSection({ wall }: { wall: WallDefinition }) {
  const { t } = useWords();
  const all = useStandings(wall).filter(hasTarget);
  const off = worstFirst(all);
  const unknown = all.filter(isUnknown).length;
  const domains = Array.from(new Set(all.map(({ domain }) => domain)));
  if (all.length === 0)
    return (
      <Section title={t("faces.wall.offTargetNow")}>
        <p className={styles.none}>{t("faces.wall.noTargets")}</p>
      </Section>
    );
  const allUnknown = unknown === all.length;
  return (
    <Section title={t("faces.wall.offTargetNow")}>
      <div className={styles.hero}>
        <p className={styles.count} data-standing={allUnknown ? "unknown" : off.length > 0 ? "off" : "on"}>
          {allUnknown ? "—" : off.length}
        </p>
        <p className={styles.of}>
          {off.length === 0 && <span className={styles.verdict}>{t(verdict(unknown, all.length))}</span>}
          <span>{t("faces.wall.ofWithTarget", { count: all.length })}</span>
          {unknown > 0 && !allUnknown && (
            <span className={styles.unknown}>{t("faces.wall.unknown", { count: unknown })}</span>
          )}
        </p>
      </div>
      <ul className={styles.domains}>
        {domains.map((domain) => (
          <DomainRow key={domain} domain={domain} own={all.filter((one) => one.domain === domain)} />
        ))}
      </ul>
      <ul className={styles.list}>
        {off.slice(0, shownAtMost).map((one) => (
          <OffTarget key={one.indicator.id} one={one} />
        ))}
        {off.length > shownAtMost && (
          <li className={styles.more}>{t("faces.wall.moreOff", { count: off.length - shownAtMost })}</li>
        )}
      </ul>
    </Section>
  );
}

function verdict(unknown: number, of: number): WordKey {
  if (unknown === of) return "faces.wall.notKnown";
  return unknown > 0 ? "faces.wall.noneOffKnown" : "faces.wall.allOnTarget";
}

/** One square per figure: hollow on target, filled off target, dashed when not known. */
function DomainRow({ domain, own }: { domain: Domain; own: readonly Standing[] }) {
  const { t } = useWords();
  const known = own.filter((one) => !isUnknown(one));
  const on = known.filter((one) => one.state.off === null).length;
  return (
    <li className={styles.domain}>
      <span>{t(`domains.${domain}`)}</span>
      <span className={styles.squares} aria-hidden="true">
        {own.map((one) => (
          <span
            key={one.indicator.id}
            className={styles.square}
            data-standing={isUnknown(one) ? "unknown" : one.state.off === null ? "on" : "off"}
          />
        ))}
      </span>
      <span className={styles.onTarget}>
        {known.length === 0 ? t("faces.wall.notKnown") : t("faces.wall.onTargetOf", { on, of: own.length })}
      </span>
    </li>
  );
}

function OffTarget({ one: { indicator, state } }: { one: Standing }) {
  const { text, language } = useWords();
  const { target, unit } = indicator;
  if (state.value === null || target === null || state.off === null) return null;
  return (
    <li className={styles.item}>
      <span className={styles.name}>{text(indicator.title)}</span>
      <span className={styles.gap}>
        <Shape name={state.off} /> {gapInWords(state.value, target, unit, language)}
      </span>
    </li>
  );
}
