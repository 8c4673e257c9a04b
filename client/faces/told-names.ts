/** What those are called who are told: the titles of a role and its contacts, else their ids. Pure. */

import type { Text } from "../../shared/city.ts";
import type { NotificationDecision, ToldRole } from "../../shared/notification.ts";

export interface ToldNames {
  readonly role: (id: string) => string;
  readonly contact: (role: string, id: string) => string;
}

export function toldNames(roles: readonly ToldRole[], text: (title: Text) => string): ToldNames {
  const called = (title: Text | null | undefined, id: string): string => (title ? text(title) : id);
  const find = (id: string): ToldRole | undefined => roles.find((one) => one.id === id);
  return {
    role: (id) => called(find(id)?.title, id),
    contact: (role, id) => called(find(role)?.contacts.find((one) => one.id === id)?.title, id),
  };
}

/** Why something was decided: the contacts that were told, the rule that says it already, else as it was written down. */
export function becauseOf(
  { decision, because, role }: Pick<NotificationDecision, "decision" | "because" | "role">,
  names: ToldNames,
  titleOfRule: (id: string) => string,
): string {
  if (because === null) return "";
  if (decision === "inhibited") return titleOfRule(because);
  if (decision !== "told") return because;
  return because
    .split(", ")
    .map((id) => names.contact(role, id))
    .join(" · ");
}
