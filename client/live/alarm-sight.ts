/** Whether alarms are still judged: the pulse says when they last were. */

import { useCityNow, useClock, useJudgedAt } from "./store.ts";

/** Alarms that were not judged for so long, in seconds of the wall's clock, are blind. */
const blindAfterSeconds = 15;

/** For how long alarms have not been judged, in seconds of city time; `null` while they are, and before the first word. */
export function useBlindSeconds(): number | null {
  const judgedAt = useJudgedAt();
  const now = useCityNow(1_000);
  const speed = useClock()?.speed ?? 1;
  const unjudged = judgedAt === null || now === null ? 0 : (now - judgedAt) / 1000;
  return unjudged > blindAfterSeconds * Math.max(speed, 1) ? unjudged : null;
}
