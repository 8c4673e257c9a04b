import { lazy, Suspense, useEffect } from "react";
import type { CityBody } from "../../shared/protocol.ts";
import { leavePast } from "../live/past.ts";
import { useCity } from "../live/store.ts";
import { parseRoute, usePath, type Route } from "../route.ts";
import { useWords, type UsedWords } from "../words/words.ts";
import { NotFound } from "./not-found.tsx";
import { Wall } from "./wall/wall.tsx";

const AlarmDesk = lazy(() => import("./alarm-desk/alarm-desk.tsx"));
const AlarmSystem = lazy(() => import("./alarm-system/alarm-system.tsx"));
const Rules = lazy(() => import("./rules/rules.tsx"));
const Admin = lazy(() => import("./admin/admin.tsx"));
const BriefingEditor = lazy(() => import("./briefing-editor/editor.tsx"));
const IssueBriefing = lazy(() => import("./briefing-editor/issue.tsx"));
const Explorer = lazy(() => import("./explorer/explorer.tsx"));
const Feeds = lazy(() => import("./feeds/feeds.tsx"));
const Area = lazy(() => import("./area/area.tsx"));
const Shift = lazy(() => import("./shift/shift.tsx"));
const Start = lazy(() => import("./start/start.tsx"));

/** Where the time machine can be seen, and left; any other face is always of now. */
const facesOfThePast: ReadonlySet<string> = new Set(["wall", "explorer"]);

/** The face that the address names. */
export function Face() {
  const route = parseRoute(usePath());
  const words = useWords();
  const { language } = words;
  const city = useCity();
  const title = pageTitle(route, city, words);
  useEffect(() => {
    document.title = title;
  }, [title]);
  const showsPast = facesOfThePast.has(route.face);
  useEffect(() => {
    if (!showsPast) leavePast();
  }, [showsPast]);
  useEffect(() => {
    if (language === "zh") void import("../look/chinese.ts");
  }, [language]);
  switch (route.face) {
    case "start":
      return (
        <Suspense fallback={null}>
          <Start />
        </Suspense>
      );
    case "admin":
      return (
        <Suspense fallback={null}>
          <Admin folder={route.folder} id={route.id} />
        </Suspense>
      );
    case "briefing-editor":
      return (
        <Suspense fallback={null}>
          <BriefingEditor id={route.id} />
        </Suspense>
      );
    case "briefing-issue":
      return (
        <Suspense fallback={null}>
          <IssueBriefing />
        </Suspense>
      );
    case "feeds":
      return (
        <Suspense fallback={null}>
          <Feeds />
        </Suspense>
      );
    case "desk":
      return (
        <Suspense fallback={null}>
          <AlarmDesk />
        </Suspense>
      );
    case "alarm-system":
      return (
        <Suspense fallback={null}>
          <AlarmSystem />
        </Suspense>
      );
    case "area":
      return (
        <Suspense fallback={null}>
          <Area />
        </Suspense>
      );
    case "shift":
      return (
        <Suspense fallback={null}>
          <Shift />
        </Suspense>
      );
    case "rules":
      return (
        <Suspense fallback={null}>
          <Rules id={route.id} />
        </Suspense>
      );
    case "explorer":
      return (
        <Suspense fallback={null}>
          <Explorer />
        </Suspense>
      );
    case "wall":
      return <Wall id={route.id} />;
    case "unknown":
      return <NotFound />;
  }
}

/** What is looked at, of which city: tabs are told apart by their beginning. */
function pageTitle(route: Route, city: CityBody | null, { t, text }: UsedWords): string {
  const wall = route.face === "wall" ? city?.walls.find(({ id }) => id === route.id) : undefined;
  const face = {
    start: null,
    wall: wall ? text(wall.title) : null,
    admin: t("faces.admin.title"),
    "briefing-editor": t("faces.briefingEditor.title"),
    "briefing-issue": t("faces.briefingIssue.title"),
    feeds: t("faces.quality.title"),
    explorer: t("faces.explorer.title"),
    desk: t("faces.alarmDesk.title"),
    "alarm-system": t("faces.desk.system"),
    shift: t("faces.desk.shift"),
    area: t("faces.desk.area"),
    rules: t("faces.desk.rules"),
    unknown: t("faces.notFound.title"),
  }[route.face];
  const of = city && text(city.settings.title);
  return [...new Set([face, of, "Citydeck"])].filter((part) => part !== null).join(" · ");
}
