/** Roles and routes that a city must not have, and the line that says what is wrong with each. */

import { expect, test } from "vitest";
import { readCityFolder } from "./city-folder.ts";
import { faultLine } from "./fault.ts";
import { sampleFiles, writeFolder } from "./sample-folder.ts";

type Json = Record<string, unknown>;

const title = { en: "Duty", zh: "值班" };
const mail = { server: { env: "CITY_MAIL" }, from: "Citydeck <citydeck@city.example>" };

const duty: Json = {
  version: 1,
  id: "duty",
  title,
  language: "en",
  contacts: [
    { id: "desk", email: "duty@city.example" },
    { id: "pager", webhook: "https://pager.example/7", secret: { env: "PAGER" } },
  ],
  onCall: [{ weekdays: [1], from: "06:00", to: "20:00", contacts: ["desk"] }],
  exceptions: [{ from: "2026-12-24T00:00", to: "2026-12-25T00:00", contacts: ["desk"] }],
  otherwise: ["pager"],
};

const urgent: Json = { version: 1, id: "urgent", title, to: "duty" };

function read({ role = {}, route = {}, city = {} }: { role?: Json; route?: Json; city?: Json }) {
  const files = sampleFiles();
  files["city.json"] = { ...(files["city.json"] as Json), mail, ...city };
  files["roles/duty.json"] = { ...duty, ...role };
  files["routes/urgent.json"] = { ...urgent, ...route };
  const folder = writeFolder(files);
  try {
    return readCityFolder(folder.dir, { recordings: folder.recordings, env: { PAGER: "s3cret" } });
  } finally {
    folder.remove();
  }
}

function linesOf(...[changes]: Parameters<typeof read>): string[] {
  const city = read(changes);
  return city.ok ? [] : city.failure.map(faultLine);
}

test("a sound role and route have their defaults, instants by the city's clock and secrets as functions", () => {
  const city = read({ city: { address: "https://deck.example/" } });
  if (!city.ok) throw new Error(city.failure.map(faultLine).join("\n"));
  const { roles, routes, address } = city.value;
  expect(address).toBe("https://deck.example");
  expect(roles[0]?.exceptions).toEqual([
    {
      fromAt: Date.parse("2026-12-24T00:00-08:00"),
      toAt: Date.parse("2026-12-25T00:00-08:00"),
      contacts: ["desk"],
    },
  ]);
  const pager = roles[0]?.contacts.find((contact) => "secret" in contact);
  expect(pager?.secret()).toBe("s3cret");
  expect(() => city.value.mail?.server()).toThrow("CITY_MAIL is not set");
  expect(routes).toEqual([
    {
      id: "urgent",
      title,
      about: { priorities: null, domains: null, owners: null, rules: null },
      to: "duty",
      settleSeconds: 60,
      gatherSeconds: 30,
      gatherBy: "everything",
      quiet: [],
      quietExcept: ["critical"],
      inhibitedBy: [],
      tellsEnd: true,
      escalation: [],
    },
  ]);
});

test.each<[string, Parameters<typeof read>[0], RegExp]>([
  ["a route to nobody", { route: { to: "dutty" } }, /routes\/urgent\.json.*to.*perhaps "duty"/],
  ["a route about an unknown rule", { route: { about: { rules: ["transport.none"] } } }, /about\.rules\[0\]/],
  ["a route about an unknown owner", { route: { about: { owners: ["mobillity"] } } }, /perhaps "mobility"/],
  ["a route about nothing", { route: { about: { priorities: [] } } }, /about\.priorities/],
  ["an inhibiting rule that is not there", { route: { inhibitedBy: ["platform.none"] } }, /inhibitedBy\[0\]/],
  [
    "a route that inhibits itself",
    { route: { about: { rules: ["transport.stations-empty"] }, inhibitedBy: ["transport.stations-empty"] } },
    /another rule than the one it is about/,
  ],
  [
    "an escalation before the first is told",
    { route: { settleSeconds: 600, escalation: [{ afterSeconds: 600, to: "duty" }] } },
    /escalation\[0\]\.afterSeconds.*more than 600/,
  ],
  [
    "escalations out of order",
    {
      route: {
        escalation: [
          { afterSeconds: 900, to: "duty" },
          { afterSeconds: 800, to: "duty" },
        ],
      },
    },
    /escalation\[1\]\.afterSeconds.*more than 900/,
  ],
  ["quiet hours of no length", { route: { quiet: [{ from: "06:00", to: "06:00" }] } }, /quiet\[0\]\.to/],
  [
    "mail without a server",
    { city: { mail: undefined } },
    /roles\/duty\.json.*contacts\[0\]\.email.*"mail" in city\.json/,
  ],
  ["an unknown contact", { role: { otherwise: ["pagre"] } }, /otherwise\[0\].*perhaps "pager"/],
  ["a contact who is never on call", { role: { otherwise: [] } }, /contacts\[1\]\.id.*on call/],
  ["an address that is none", { role: { contacts: [{ id: "desk", email: "duty" }] } }, /contacts\[0\]/],
  [
    "two contacts of one id",
    { role: { contacts: [...(duty["contacts"] as Json[]), { id: "desk", email: "a@city.example" }] } },
    /contacts\[2\]\.id.*only one contact/,
  ],
  [
    "an exception that ends before it begins",
    { role: { exceptions: [{ from: "2026-12-25T00:00", to: "2026-12-24T00:00", contacts: ["desk"] }] } },
    /exceptions\[0\]\.to.*after from/,
  ],
  [
    "a date that does not exist",
    { role: { exceptions: [{ from: "2026-02-30T00:00", to: "2026-12-24T00:00", contacts: ["desk"] }] } },
    /exceptions\[0\]\.from.*exists/,
  ],
  [
    "a beacon that never rests",
    { city: { beacon: { url: "https://watch.example", everySeconds: 1 } } },
    /beacon/,
  ],
  ["a sender that is none", { city: { mail: { ...mail, from: "Citydeck" } } }, /mail\.from/],
])("%s is refused", (_what, changes, line) => {
  const lines = linesOf(changes);
  expect(
    lines.some((one) => line.test(one)),
    lines.join("\n"),
  ).toBe(true);
});
