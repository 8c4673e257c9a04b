import { lazy, Suspense } from "react";
import type { CityBody } from "../../../shared/protocol.ts";
import { formatInstant } from "../../words/format-date.ts";
import { useWords } from "../../words/words.ts";
import { Choice, OneOf } from "./choice.tsx";
import { AsOfPicker } from "./as-of-picker.tsx";
import { CompareChoice } from "./compare-choice.tsx";
import { bucketInWords } from "./drawings/drawing.ts";
import styles from "./explorer.module.css";
import { FigurePicker } from "./figure-picker.tsx";
import { GroupPicker } from "./group-picker.tsx";
import { groupingTitle, rangeInWords, seriesTitle, useNamedAreas } from "./naming.ts";
import { OutlookChoice } from "./outlook-choice.tsx";
import { formatRange } from "./range.ts";
import { RangePicker } from "./range-picker.tsx";
import { SavedViews } from "./saved-views.tsx";
import { buckets, formatView, type View } from "./view.ts";

const SendToWall = lazy(() => import("./send-to-wall.tsx"));

interface Props {
  readonly city: CityBody;
  readonly now: number;
  readonly view: View;
  readonly onChange: (view: View) => void;
}

/** The view as a sentence, each of whose parts can be chosen anew. */
export function Sentence({ city, now, view, onChange }: Props) {
  const words = useWords();
  const { t, language } = words;
  const { zone } = city.settings;
  const areas = useNamedAreas(view.by, view.figures);
  const titleOf = (id: string): string => seriesTitle(id, { city, areas, isOneFigure: false }, words);
  const [first, ...rest] = view.figures;
  const hasGroups = view.figures.some((id) => id.includes("{"));
  const groups =
    view.by !== null
      ? t("explorer.groups.each", { grouping: groupingTitle(view.by, city, words) })
      : t(hasGroups ? "explorer.groups.some" : "explorer.groups.city");
  return (
    <div className={styles.sentence}>
      <span>{t("explorer.say.show")}</span>
      <Choice
        name={t("explorer.choose.figures")}
        value={
          rest.length === 0
            ? titleOf(first!)
            : t("explorer.figures.more", { title: titleOf(first!), count: rest.length })
        }
      >
        <FigurePicker
          {...{ city, titleOf }}
          chosen={view.figures}
          onChoose={(figures) => onChange({ ...view, figures })}
        />
      </Choice>
      <span>{t("explorer.say.for")}</span>
      <Choice name={t("explorer.choose.groups")} value={groups}>
        <GroupPicker {...{ city, view, onChange }} />
      </Choice>
      <span>{t("explorer.say.over")}</span>
      <Choice
        closesOn={formatRange(view.range)}
        name={t("explorer.choose.range")}
        value={rangeInWords(view.range, zone, words)}
      >
        <RangePicker
          {...{ zone, now }}
          range={view.range}
          onChoose={(range) => onChange({ ...view, range })}
        />
      </Choice>
      <span>{t("explorer.say.by")}</span>
      <Choice
        name={t("explorer.choose.bucket")}
        value={view.bucket === "auto" ? t("explorer.bucket.auto") : bucketInWords(view.bucket, words)}
      >
        <OneOf
          title={t("explorer.choose.bucket")}
          chosen={String(view.bucket)}
          options={[
            ["auto", t("explorer.bucket.auto")],
            ...buckets.map((bucket) => [String(bucket), bucketInWords(bucket, words)] as const),
          ]}
          onChoose={(chosen) =>
            onChange({ ...view, bucket: buckets.find((bucket) => String(bucket) === chosen) ?? "auto" })
          }
        />
      </Choice>
      <span>{t("explorer.say.against")}</span>
      <CompareChoice {...{ city, view, onChange }} />
      <span>{t("explorer.say.with")}</span>
      <OutlookChoice {...{ view, onChange }} />
      <span>{t("explorer.say.asKnown")}</span>
      <Choice
        closesOn={String(view.asOf)}
        name={t("explorer.choose.asOf")}
        value={
          view.asOf === null
            ? t("explorer.asOf.now")
            : t("explorer.asOf.at", { time: formatInstant(view.asOf, zone, language) })
        }
      >
        <AsOfPicker {...{ zone, now }} asOf={view.asOf} onChoose={(asOf) => onChange({ ...view, asOf })} />
      </Choice>
      <div className={styles.keep}>
        <Choice
          isButton
          closesOn={formatView(view)}
          name={t("explorer.views.title")}
          value={t("explorer.views.title")}
        >
          <SavedViews {...{ view, zone }} />
        </Choice>{" "}
        <Choice isButton name={t("explorer.toWall.title")} value={t("explorer.toWall.title")}>
          <Suspense fallback={null}>
            <SendToWall view={view} />
          </Suspense>
        </Choice>
      </div>
    </div>
  );
}
