/** The client from the top: preferences, the live connection, then the face that the URL names. */

import "./look/tokens.css";
import "./look/base.css";
import "./look/latin.ts";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { Failed } from "./faces/failed.tsx";
import { Face } from "./faces/face.tsx";
import { connect } from "./live/connection.ts";
import { startPast } from "./live/past.ts";
import { whenSignedIn } from "./live/access.ts";
import { store } from "./live/store.ts";
import { parseRoute } from "./route.ts";
import { startFreezeWatch, startSelfReport } from "./live/self-report.ts";
import { startPreferences } from "./look/preferences.ts";

startPreferences();
startPast();
const link = connect(store, () => location.reload());
whenSignedIn(() => {
  link.reconnect();
});
// Walls watch themselves. A page for a desk may hold what somebody has typed.
const isWall = (): boolean => parseRoute(location.pathname).face === "wall";
startSelfReport((report) => {
  // What a wall shows of the past says nothing of how the city's walls fare now.
  if (isWall() && store.past === null && store.shownPast === null) link.report(report);
});
startFreezeWatch(() => {
  if (isWall()) location.reload();
});

createRoot(document.getElementById("face")!).render(
  <StrictMode>
    <Failed>
      <Face />
    </Failed>
  </StrictMode>,
);
