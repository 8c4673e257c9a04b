/**
 * A whole Citydeck as a process of its own, beside a simulator that outlives it: what a test can kill and start again.
 *
 * Argument: the options of `startCity` as JSON. Says its address in a line, and ends when its standard input does.
 */

import { startCity } from "./running-city.ts";

const city = await startCity(JSON.parse(process.argv[2]!) as Parameters<typeof startCity>[0]);
process.stdout.write(`${city.url}\n`);
process.stdin.on("end", () => void city.stop().then(() => process.exit(0))).resume();
