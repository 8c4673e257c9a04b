import { lazy, Suspense, useEffect } from "react";
import { useCity } from "../live/store.ts";
import { parseRoute, usePath } from "../route.ts";
import { useWords } from "../words/words.ts";
import { NotFound } from "./not-found.tsx";
import { Wall } from "./wall/wall.tsx";

const Admin = lazy(() => import("./admin/admin.tsx"));
const Feeds = lazy(() => import("./feeds/feeds.tsx"));
const Start = lazy(() => import("./start/start.tsx"));

/** The face that the address names. */
export function Face() {
  const route = parseRoute(usePath());
  const { language, text } = useWords();
  const city = useCity();
  useEffect(() => {
    document.title = city === null ? "Citydeck" : `${text(city.settings.title)} · Citydeck`;
  }, [city, text]);
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
    case "feeds":
      return (
        <Suspense fallback={null}>
          <Feeds />
        </Suspense>
      );
    case "wall":
      return <Wall id={route.id} />;
    case "unknown":
      return <NotFound />;
  }
}
