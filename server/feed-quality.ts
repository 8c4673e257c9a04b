/**
 * `docs/feed-quality.md`, made from the connectors' own rule tables: `node server/feed-quality.ts` writes it.
 */

import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { listRuleTables, severitiesOf, type Rule, type RuleTable } from "./core/feeds/rules.ts";
import { grades, requirements } from "../shared/grade.ts";

export const qualityPath = join(import.meta.dirname, "../docs/feed-quality.md");

/** The whole document. */
export function qualityDocument(): string {
  return [...head(), ...gradeLines(), ...listRuleTables().flatMap(tableLines)].join("\n");
}

function head(): string[] {
  return [
    "# What a feed owes, and what each notice means",
    "",
    "Made from the rule tables beside the connectors (`server/core/feeds/<spec>/rules.ts`) by `node server/feed-quality.ts`.",
    "An **error** is an entry that was lost or is wrong, a **warning** is doubtful but used, an **info** is worth knowing.",
    "Notices never stop a feed. `/feeds` shows them by feed, `npm run -s citydeck -- doctor URL|FILE` for a link or a file.",
    "",
  ];
}

function gradeLines(): string[] {
  return [
    "## Grades",
    "",
    "A feed has the highest grade of which it meets every requirement, and every one of the grades below it. What cannot",
    "be judged yet is not met.",
    "",
    "| grade | requirement | what it means | 含义 |",
    "| --- | --- | --- | --- |",
    ...grades.flatMap((grade) =>
      requirements
        .filter((requirement) => requirement.grade === grade)
        .map(({ id, meaning }) => row([`**${grade}**`, `\`${id}\``, meaning.en, meaning.zh])),
    ),
    "",
  ];
}

function tableLines({ spec, standard, newestVersion, rules }: RuleTable): string[] {
  const title = standard.url === null ? standard.title : `[${standard.title}](${standard.url})`;
  return [
    `## ${spec}`,
    "",
    `${title}${newestVersion === null ? "" : `, newest version ${newestVersion}`}.`,
    "",
    "| code | severity | meaning | 含义 | rests on |",
    "| --- | --- | --- | --- | --- |",
    ...rules.map(ruleLine),
    "",
  ];
}

function ruleLine(rule: Rule): string {
  const { code, meaning, basis } = rule;
  return row([`\`${code}\``, severitiesOf(rule).join(", "), meaning.en, meaning.zh, basis]);
}

function row(cells: readonly string[]): string {
  return `| ${cells.map((cell) => cell.replaceAll("|", "\\|")).join(" | ")} |`;
}

if (import.meta.main) writeFileSync(qualityPath, qualityDocument());
