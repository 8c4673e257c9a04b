/** `citydeck dev`: a running city whose client is served from its sources and reloads as they are edited. */

import { join } from "node:path";
import { startCity } from "./start.ts";

const projectDir = join(import.meta.dirname, "..", "..");

export async function dev(args: readonly string[]): Promise<number | null> {
  const running = await startCity(args);
  if (typeof running === "number") return running;
  const { createServer } = await import("vite");
  // The city's server answers its own pages only; what Vite passes on counts as one of them.
  const target = { target: running.url, headers: { origin: running.url }, changeOrigin: true };
  const vite = await createServer({
    root: join(projectDir, "client"),
    configFile: join(projectDir, "vite.config.ts"),
    server: {
      proxy: {
        "/api": target,
        "/healthz": target,
        "/basemap.pmtiles": target,
        "/socket.io": { ...target, ws: true },
      },
    },
  });
  await vite.listen();
  process.stdout.write(`  Sources     ${vite.resolvedUrls?.local[0] ?? ""}\n`);
  return null;
}
