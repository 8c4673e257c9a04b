/** Whether routes lead to roles, roles to contacts, and escalations onwards. */

import type { FolderFiles, Loaded } from "./folder-files.ts";
import { momentAt } from "./feed-file.ts";
import type { JsonPath } from "./json-document.ts";
import { oneOf, type Known } from "./known.ts";
import type { RoleFile } from "./role-schema.ts";
import type { RouteFile } from "./route-schema.ts";

/** What of `city.json` matters to those who are told. */
export interface NotifySurroundings {
  readonly zone: string;
  readonly hasMail: boolean;
}

export function checkNotify(
  files: FolderFiles,
  known: Known,
  {
    roles,
    routes,
  }: { readonly roles: readonly Loaded<RoleFile>[]; readonly routes: readonly Loaded<RouteFile>[] },
  around: NotifySurroundings,
): void {
  for (const role of roles) checkRole(files, role, around);
  for (const route of routes) checkRoute(files, known, route);
}

function checkRole(files: FolderFiles, role: Loaded<RoleFile>, { zone, hasMail }: NotifySurroundings): void {
  const { contacts, onCall, exceptions, otherwise } = role.value;
  const ids = contacts.map(({ id }) => id);
  ids.forEach((id, i) => {
    if (ids.indexOf(id) < i)
      files.blame(role, ["contacts", i, "id"], "setting", "an id that only one contact has");
  });
  const check = (names: readonly string[], path: JsonPath): void =>
    names.forEach((name, i) => {
      if (!ids.includes(name))
        files.blame(role, [...path, i], "reference", oneOf("a contact of this role", name, ids));
    });
  onCall.forEach((stretch, i) => {
    check(stretch.contacts, ["onCall", i, "contacts"]);
    if (stretch.from === stretch.to)
      files.blame(role, ["onCall", i, "to"], "setting", `another time than from, such as "24:00"`);
  });
  exceptions.forEach(({ from, to, contacts: names }, i) => {
    check(names, ["exceptions", i, "contacts"]);
    const [fromAt, toAt] = [momentAt(from, zone), momentAt(to, zone)];
    if (Number.isNaN(fromAt)) files.blame(role, ["exceptions", i, "from"], "setting", "a date that exists");
    if (Number.isNaN(toAt)) files.blame(role, ["exceptions", i, "to"], "setting", "a date that exists");
    if (fromAt >= toAt) files.blame(role, ["exceptions", i, "to"], "setting", `a time after from, ${from}`);
  });
  check(otherwise, ["otherwise"]);
  contacts.forEach((contact, i) => {
    if ("email" in contact && !hasMail)
      files.blame(role, ["contacts", i, "email"], "reference", '"mail" in city.json, by which it is sent');
    const isNamed = [...onCall, ...exceptions].some(({ contacts: names }) => names.includes(contact.id));
    if (!isNamed && !otherwise.includes(contact.id))
      files.blame(role, ["contacts", i, "id"], "setting", "a contact that is on call at some time");
  });
}

function checkRoute(files: FolderFiles, known: Known, route: Loaded<RouteFile>): void {
  const { about, to, inhibitedBy, quiet, settleSeconds, escalation } = route.value;
  const refer = (what: string, word: string, words: ReadonlySet<string>, path: JsonPath): void => {
    if (!words.has(word)) files.blame(route, path, "reference", oneOf(what, word, words));
  };
  const { departments } = known;
  if (departments !== null)
    about.owners?.forEach((owner, i) => {
      refer("a department of departments.json", owner, departments, ["about", "owners", i]);
    });
  about.rules?.forEach((rule, i) => {
    refer("a rule of this folder", rule, known.rules.ids, ["about", "rules", i]);
  });
  inhibitedBy.forEach((rule, i) => {
    refer("a rule of this folder", rule, known.rules.ids, ["inhibitedBy", i]);
    if (about.rules?.length === 1 && about.rules[0] === rule)
      files.blame(route, ["inhibitedBy", i], "setting", "another rule than the one it is about");
  });
  quiet.forEach(({ from, to: end }, i) => {
    if (from === end)
      files.blame(route, ["quiet", i, "to"], "setting", `another time than from, such as "24:00"`);
  });
  refer("a role of this folder", to, known.roles, ["to"]);
  let before = settleSeconds;
  escalation.forEach(({ afterSeconds, to: next }, i) => {
    refer("a role of this folder", next, known.roles, ["escalation", i, "to"]);
    if (afterSeconds <= before)
      files.blame(
        route,
        ["escalation", i, "afterSeconds"],
        "setting",
        `more than ${before}, the step before it`,
      );
    before = afterSeconds;
  });
}
