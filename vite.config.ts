import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { availableParallelism } from "node:os";
import { join } from "node:path";
import { brotliCompressSync, gzipSync } from "node:zlib";
import react from "@vitejs/plugin-react";
import type { Plugin } from "vite";
import { defineConfig } from "vitest/config";

/** Compresses once, at build time, what the server would otherwise compress for every visitor. */
function compressed(): Plugin {
  let outDir = "";
  return {
    name: "compressed",
    apply: "build",
    configResolved(config) {
      outDir = join(config.root, config.build.outDir);
    },
    closeBundle() {
      for (const entry of readdirSync(outDir, { recursive: true, withFileTypes: true })) {
        if (!entry.isFile() || !/\.(m?js|css|html|svg|json)$/.test(entry.name)) continue;
        const path = join(entry.parentPath, entry.name);
        const bytes = readFileSync(path);
        writeFileSync(`${path}.br`, brotliCompressSync(bytes));
        writeFileSync(`${path}.gz`, gzipSync(bytes, { level: 9 }));
      }
    },
  };
}

/** Every browser that runs the rest reads WOFF2: the older files and their names in the style sheets stay away. */
function woff2Only(): Plugin {
  return {
    name: "woff2-only",
    enforce: "pre",
    transform(code, id) {
      if (!/@fontsource.*\.css$/.test(id)) return undefined;
      return { code: code.replaceAll(/, url\([^)]*\.woff\) format\('woff'\)/g, ""), map: null };
    },
  };
}

export default defineConfig({
  root: "client",
  plugins: [react(), woff2Only(), compressed()],
  // Nothing is inlined: the Content-Security-Policy allows files of our own, not data URLs.
  build: {
    outDir: "../dist/client",
    emptyOutDir: true,
    target: "es2024",
    assetsInlineLimit: 0,
    manifest: true,
    // The map's libraries are one large chunk that comes after the wall's first figures.
    chunkSizeWarningLimit: 2_000,
  },
  test: {
    root: ".",
    include: ["{shared,server,client,fixtures,test}/**/*.test.{ts,tsx}"],
    environment: "node",
    testTimeout: 20_000,
    // Much of what crosses rooms waits for processes, servers and clocks.
    maxWorkers: Math.max(3, availableParallelism()),
  },
});
