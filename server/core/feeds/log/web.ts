/** What web servers write: access logs in common and combined form, and Apache's error log. */

import type { Finding } from "./finding.ts";
import { countedAt, monthOf, type LogTimes } from "./log-time.ts";

/** `%h %l %u [%t] "%r" %>s %b …`, with `%v:%p` before it in Apache's vhost_combined; nginx's combined is the same. */
const access =
  /^(?:([A-Za-z0-9._-]{1,255}:\d{1,5}) (?=[0-9a-fA-F.:]{2,45} ))?(\S{1,255}) \S{1,255} [^[\]]{1,255} \[(\d\d)\/([A-Z][a-z]{2})\/(\d{4}):(\d\d):(\d\d):(\d\d) ([+-])(\d\d)(\d\d)\] "((?:[^"\\]|\\.)*)" (\d{3}) (?:\d+|-)(?: |$)/;

/** `[time] [module:level] [pid …] [client address:port] message`; Apache 2.2 has neither module nor pid nor port. */
const apacheError =
  /^\[[A-Z][a-z]{2} ([A-Z][a-z]{2}) +(\d{1,2}) (\d\d):(\d\d):(\d\d)(?:\.\d{1,6})? (\d{4})\] \[(?:[\w-]*:)?(\w+)\] (\[pid [^\]]*\] )?(?:\[(?:client|remote) ([^\]]{1,255})\] )?(.*)$/s;

/** What nobody asks for who wants a page: ways out of the site's folder, others' secrets, code. */
const suspicious = new RegExp(
  [
    String.raw`\.\.(?:[/\\]|%2f|%5c)|%2e%2e|%252e`,
    String.raw`/etc/(?:passwd|shadow)|/proc/self`,
    String.raw`/\.(?:env|git|svn|aws|ssh|htaccess|htpasswd)\b`,
    String.raw`wp-(?:login|admin|config|content/plugins)|xmlrpc\.php|phpmyadmin|/cgi-bin/|eval-stdin\.php|/actuator\b|boaform`,
    String.raw`union(?:[\s+]|%20)+(?:all(?:[\s+]|%20)+)?select|sleep\(\d|(?:'|%27)(?:[\s+]|%20)*or(?:[\s+]|%20)`,
    String.raw`<script|%3cscript|javascript:|\$\{jndi:|%24%7bjndi`,
    String.raw`(?:;|%3b|\||%7c)(?:[\s+]|%20)*(?:wget|curl|nc|bash)\b`,
    String.raw`^(?:\\x[0-9a-f]{2}){2}`,
  ].join("|"),
  "i",
);

const refusals =
  /client denied by server configuration|forbidden by rule|ModSecurity: Access denied|access to .{1,200} (?:denied|failed), reason/;
const noLogin =
  /^(?:AH\d{5}: )?(?:user .{0,200}(not found|: authentication failure|: password mismatch)|.{0,200}password mismatch)/i;
const grave: ReadonlySet<string> = new Set(["error", "crit", "alert", "emerg"]);

/** `null`: no line of a web server. */
export function readWebLine(message: string, times: LogTimes): Finding | null {
  return readAccess(message) ?? readApacheError(message, times);
}

function readAccess(message: string): Finding | null {
  const found = access.exec(message);
  if (!found) return null;
  const [
    ,
    site,
    address = "",
    day,
    month = "",
    year,
    hour,
    minute,
    second,
    sign,
    hours,
    minutes,
    request = "",
  ] = found;
  const status = Number(found[13]);
  const ahead = (Number(hours) * 60 + Number(minutes)) * (sign === "-" ? -1 : 1);
  const at = countedAt(
    Number(year),
    monthOf(month),
    Number(day),
    Number(hour),
    Number(minute),
    Number(second),
    ahead,
  );
  const seen = { address, accountExists: null, at, site: site?.replace(/:\d+$/, "") ?? null };
  if (suspicious.test(request))
    return { eventType: "request-suspicious", outcome: status < 400 ? "answered" : "blocked", ...seen };
  // A form that is sent and not let in is a log-in that failed; other requests came without one.
  if (status === 401 && request.startsWith("POST "))
    return { eventType: "login-failed", outcome: "blocked", ...seen };
  if (status === 401 || status === 403 || status === 407 || status === 429)
    return { eventType: "request-refused", outcome: "blocked", ...seen };
  if (status >= 500) return { eventType: "server-error", outcome: "failed", ...seen };
  return { counted: "log-web-request" };
}

function readApacheError(message: string, times: LogTimes): Finding | null {
  const found = apacheError.exec(message);
  if (!found) return null;
  const [, month = "", day, hour, minute, second, year, level = "", pid, client, text = ""] = found;
  const at = times.local(
    Number(year),
    monthOf(month),
    Number(day),
    Number(hour),
    Number(minute),
    Number(second),
  );
  const address = client === undefined ? null : pid === undefined ? client : client.replace(/:\d+$/, "");
  const seen = { outcome: "blocked", address, at } as const;
  const login = noLogin.exec(text);
  if (login) {
    const accountExists = login[1] === undefined ? null : login[1].toLowerCase() !== "not found";
    return { eventType: "login-failed", accountExists, ...seen };
  }
  if (address !== null && refusals.test(text))
    return { eventType: "request-refused", accountExists: null, ...seen };
  return { counted: grave.has(level) ? "log-web-error" : "log-web-notice" };
}
