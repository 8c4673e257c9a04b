/** The Chromium, Chrome or Edge that this machine already has. */

import { existsSync } from "node:fs";
import { delimiter, join } from "node:path";

const commands = [
  "chromium",
  "chromium-browser",
  "google-chrome",
  "google-chrome-stable",
  "chrome",
  "msedge",
  "microsoft-edge",
  "microsoft-edge-stable",
];

export interface Machine {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly platform: NodeJS.Platform;
  readonly exists: (path: string) => boolean;
}

/** The path of a Chromium, Chrome or Edge, or `null`. `CITYDECK_BROWSER` decides alone when it is set. */
export function findBrowser(
  machine: Machine = { env: process.env, platform: process.platform, exists: existsSync },
): string | null {
  const named = machine.env["CITYDECK_BROWSER"];
  if (named) return machine.exists(named) ? named : null;
  return [...inPath(machine), ...usualPlaces(machine)].find(machine.exists) ?? null;
}

function inPath({ env, platform }: Machine): string[] {
  const folders = (env["PATH"] ?? env["Path"] ?? "")
    .split(platform === "win32" ? ";" : delimiter)
    .filter(Boolean);
  const ending = platform === "win32" ? ".exe" : "";
  return commands.flatMap((command) => folders.map((folder) => join(folder, command + ending)));
}

function usualPlaces({ env, platform }: Machine): string[] {
  if (platform === "darwin") {
    const apps = ["Google Chrome", "Chromium", "Microsoft Edge"];
    const homes = ["/Applications", join(env["HOME"] ?? "", "Applications")];
    return homes.flatMap((home) => apps.map((app) => join(home, `${app}.app`, "Contents", "MacOS", app)));
  }
  if (platform === "win32") {
    const programs = ["Google/Chrome/Application/chrome.exe", "Microsoft/Edge/Application/msedge.exe"];
    const homes = [env["PROGRAMFILES"], env["PROGRAMFILES(X86)"], env["LOCALAPPDATA"]];
    return homes.flatMap((home) => (home ? programs.map((program) => join(home, program)) : []));
  }
  return ["/opt/google/chrome/chrome", "/snap/bin/chromium", "/usr/lib/chromium/chromium"];
}
