/** Whether rules are valid, or their alarms out of service, at an hour; looked up once for all alarms of a rule. */

import type { AlarmRule } from "../../../shared/alarms.ts";
import { maintenanceAt, validityAt } from "./valid-times.ts";

/** What holds for all alarms of a rule at an hour. */
interface Hours {
  readonly isValid: boolean;
  /** Why they are out of service; `null`: they are not. */
  readonly maintenance: string | null;
  readonly until: number;
}

export class RuleHours {
  readonly #zone: string;
  readonly #known = new Map<string, Hours>();
  /** When it is next otherwise for any of them. */
  #until = Number.NEGATIVE_INFINITY;

  constructor(zone: string) {
    this.#zone = zone;
  }

  of(rule: AlarmRule, now: number): Hours {
    let hours = this.#known.get(rule.id);
    if (!hours) this.#known.set(rule.id, (hours = this.#at(rule, now)));
    return hours;
  }

  /** Looks anew where the clock has arrived at a boundary, or always (`isAnew`); gives the rules that have hours, else none. */
  pass(rules: readonly AlarmRule[], isAnew: boolean, now: number): readonly AlarmRule[] {
    if (!isAnew && now < this.#until) return [];
    const timed = rules.filter(({ validTimes, maintenance }) => validTimes.length + maintenance.length > 0);
    this.#until = Number.POSITIVE_INFINITY;
    for (const rule of timed) {
      const hours = this.#at(rule, now);
      this.#known.set(rule.id, hours);
      this.#until = Math.min(this.#until, hours.until);
    }
    return timed;
  }

  #at({ validTimes, maintenance }: AlarmRule, now: number): Hours {
    const validity = validityAt(validTimes, now, this.#zone);
    const works = maintenanceAt(maintenance, now);
    return {
      isValid: validity.isValid,
      maintenance: works.window?.reason.en ?? null,
      until: Math.min(validity.until, works.until),
    };
  }
}
