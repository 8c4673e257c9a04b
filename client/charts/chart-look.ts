/** What every chart draws with: the theme's inks and sizes in the canvas's units (`docs/look.md`, Charts). */

import { useEffect, useMemo, useState } from "react";
import type { Priority } from "../../shared/alarms.ts";
import { usePreferences } from "../look/preferences.ts";
import { rampTokens } from "../look/ramps.ts";

export interface ChartLook {
  readonly ink0: string;
  readonly ink1: string;
  readonly ink2: string;
  readonly ink3: string;
  readonly line: string;
  readonly edge: string;
  readonly band: string;
  readonly page: string;
  readonly select: string;
  /** Categorical, for up to five lines of one chart. */
  readonly data: readonly string[];
  /** Sequential, for heat maps, lowest first. */
  readonly ramp: readonly string[];
  /** Of changes, from less over about the same to more. */
  readonly changeRamp: readonly string[];
  /** Of alarms, for text and lines on the page. */
  readonly priorities: Readonly<Record<Priority, string>>;
  readonly font: string;
  /** CSS pixels per u. */
  readonly u: number;
}

/** The look of the theme in force at the page's present size; the same object until one of them changes. */
export function useChartLook(): ChartLook {
  const { theme } = usePreferences();
  const [u, setU] = useState(readU);
  useEffect(() => {
    const measure = (): void => setU(readU());
    addEventListener("resize", measure);
    measure();
    return () => removeEventListener("resize", measure);
  }, []);
  return useMemo(() => readLook(getComputedStyle(document.documentElement), u, theme), [theme, u]);
}

function readU(): number {
  return Number.parseFloat(getComputedStyle(document.documentElement).fontSize) / 10;
}

/** `_theme` is on the document before anybody renders for it. */
function readLook(style: CSSStyleDeclaration, u: number, _theme: string): ChartLook {
  const token = (name: string): string => style.getPropertyValue(`--${name}`).trim();
  return {
    ink0: token("ink0"),
    ink1: token("ink1"),
    ink2: token("ink2"),
    ink3: token("ink3"),
    line: token("line"),
    edge: token("edge"),
    band: token("band"),
    page: token("page"),
    select: token("select"),
    data: ["d1", "d2", "d3", "d4", "d5"].map(token),
    ramp: rampTokens.amount.map(token),
    changeRamp: rampTokens.change.map(token),
    priorities: {
      low: token("low-text"),
      medium: token("medium-text"),
      high: token("high-text"),
      critical: token("critical-text"),
    },
    // ECharts writes it into attributes as it is.
    font: style.fontFamily.replaceAll('"', "'"),
    u,
  };
}
