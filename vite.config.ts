import react from "@vitejs/plugin-react";
import { defineConfig } from "vitest/config";

export default defineConfig({
  root: "client",
  plugins: [react()],
  // Nothing is inlined: the Content-Security-Policy allows files of our own, not data URLs.
  build: {
    outDir: "../dist/client",
    emptyOutDir: true,
    target: "es2024",
    assetsInlineLimit: 0,
    manifest: true,
  },
  test: {
    root: ".",
    include: ["{shared,server,client,fixtures,test}/**/*.test.{ts,tsx}"],
    environment: "node",
    testTimeout: 20_000,
  },
});
