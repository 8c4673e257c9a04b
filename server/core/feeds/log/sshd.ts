/** What OpenSSH's server writes (openssh-portable: auth.c `auth_log`, sshd.c, packet.c, and PAM on its behalf). */

import type { Finding } from "./finding.ts";

/** From OpenSSH 9.8 on the server is several programs. */
export const sshdPrograms: ReadonlySet<string> = new Set(["sshd", "sshd-session", "sshd-auth"]);

/** The last `from` counts: the name before it is the attacker's choice. */
const attempt =
  /^(Failed|Accepted) (\S+) for (invalid user |illegal user )?.* from (\S+) port \d+(?: ssh\d?\b.*)?$/s;

const counted: readonly (readonly [RegExp, string])[] = [
  [/^(?:Invalid|Illegal) user |^input_userauth_request: invalid user /, "log-sshd-invalid-user"],
  [
    /^(?:error: )?Received disconnect |^Disconnect|^Connection (?:closed|reset)|\[preauth\]$/,
    "log-sshd-disconnect",
  ],
  [/^reverse mapping |^Address .* (?:maps to|POSSIBLE)/s, "log-sshd-reverse-mapping"],
  [/^Did not receive identification|^Bad protocol version|^banner exchange/, "log-sshd-no-identification"],
  [/^pam_|^PAM /, "log-sshd-pam"],
];

/** `none` is how a client asks what it may try; the keys and passwords it then tries are the attempts. */
export function readSshd(message: string): Finding {
  const found = attempt.exec(message);
  if (found && found[2] !== "none")
    return {
      eventType: found[1] === "Failed" ? "login-failed" : "login-accepted",
      outcome: found[1] === "Failed" ? "blocked" : "succeeded",
      address: found[4]!,
      accountExists: found[3] === undefined,
    };
  return { counted: counted.find(([pattern]) => pattern.test(message))?.[1] ?? "log-sshd-other" };
}
