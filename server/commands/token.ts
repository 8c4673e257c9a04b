/** `citydeck token`: another access token, when the one before is lost or somebody has it who should not. */

import { resolve } from "node:path";
import { parseArgs } from "node:util";
import { askHolder, holdDataFolder } from "../data-folder.ts";
import { AccessToken, type TokenQuestion } from "../http/access-token.ts";
import { demoCity, usualDataDir } from "./start.ts";

const options = { city: { type: "string" }, data: { type: "string" } } as const;

/** Throws what a person can do about it, as all commands. */
export async function tokenCommand(args: readonly string[]): Promise<number> {
  const { values } = parseArgs({ args: [...args], options });
  const dataDir = resolve(values.data ?? usualDataDir(resolve(values.city ?? demoCity)));
  const asked = await askHolder(dataDir, { renewToken: true } satisfies TokenQuestion);
  const token = asked ? String(asked.value) : await renewOfStopped(dataDir);
  process.stdout.write(`The access token from now on, shown once: ${token}\n`);
  return 0;
}

async function renewOfStopped(dataDir: string): Promise<string> {
  const held = await holdDataFolder(dataDir);
  try {
    return await (await AccessToken.open(dataDir)).renew();
  } finally {
    await held.letGo();
  }
}
