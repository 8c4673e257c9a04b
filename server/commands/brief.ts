/** `citydeck brief DEFINITION`: the newest issue of a briefing, or a new one, from the city that runs. */

import { writeFile } from "node:fs/promises";
import { resolve } from "node:path";
import { parseArgs } from "node:util";
import { languages } from "../../shared/city.ts";
import { fileFormats, type BriefingQuestion } from "../briefing/briefing-file.ts";
import { askHolder } from "../data-folder.ts";
import { demoCity, usualDataDir } from "./start.ts";

const options = {
  city: { type: "string" },
  data: { type: "string" },
  lang: { type: "string", default: "en" },
  format: { type: "string", default: "text" },
  out: { type: "string" },
  issue: { type: "boolean", default: false },
} as const;

/** Throws what a person can do about it, as all commands. */
export async function briefCommand(args: readonly string[]): Promise<number> {
  const { values, positionals } = parseArgs({ args: [...args], options, allowPositionals: true });
  const [briefing] = positionals;
  if (briefing === undefined || positionals.length > 1)
    throw new Error("expected one briefing of the city folder: brief DEFINITION");
  const question: BriefingQuestion = {
    briefing,
    language: oneOf("lang", values.lang, languages),
    format: oneOf("format", values.format, fileFormats),
    isIssuing: values.issue,
  };
  if (question.format === "pdf" && values.out === undefined && process.stdout.isTTY)
    throw new Error("a PDF is nothing to read in a terminal: name a file with --out FILE");
  const dataDir = resolve(values.data ?? usualDataDir(resolve(values.city ?? demoCity)));
  const asked = await askHolder(dataDir, question);
  if (!asked)
    throw new Error(
      `no city runs over ${dataDir}: start it first, or name its folder with --city or its data folder with --data`,
    );
  const file = Buffer.from(String(asked.value), "base64");
  if (values.out !== undefined) await writeFile(values.out, file);
  else await new Promise<void>((done) => void process.stdout.write(file, () => done()));
  return 0;
}

function oneOf<T extends string>(option: string, text: string, all: readonly T[]): T {
  const found = all.find((one) => one === text);
  if (found === undefined) throw new Error(`--${option} "${text}": expected one of ${all.join(", ")}`);
  return found;
}
