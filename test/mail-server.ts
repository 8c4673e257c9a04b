/** A real mail server for tests (SMTP on loopback), whose mailboxes a test can read and whose service it can interrupt. */

import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { simpleParser, type ParsedMail } from "mailparser";
import { SMTPServer } from "smtp-server";

export interface MailServer {
  readonly port: number;
  /** What it took, in the order in which it came. */
  readonly received: readonly ParsedMail[];
  stop(): Promise<void>;
}

/** Its one user is `citydeck` with the password `secret`; mailboxes that begin with "no-" are not there. */
export async function startMailServer(port = 0): Promise<MailServer> {
  const received: ParsedMail[] = [];
  const server = new SMTPServer({
    allowInsecureAuth: true,
    hideSTARTTLS: true,
    onAuth({ username, password }, _session, done) {
      if (username === "citydeck" && password === "secret") done(null, { user: username });
      else done(Object.assign(new Error("Invalid login"), { responseCode: 535 }));
    },
    onRcptTo({ address }, _session, done) {
      if (address.startsWith("no-")) done(Object.assign(new Error("no such mailbox"), { responseCode: 550 }));
      else done();
    },
    onData(stream, _session, done) {
      simpleParser(stream, (error: unknown, mail) => {
        if (!error) received.push(mail);
        done(error as Error | null);
      });
    },
  });
  const listener = server.listen(port, "127.0.0.1");
  await once(listener, "listening");
  return {
    port: (listener.address() as AddressInfo).port,
    received,
    stop: () =>
      new Promise((resolve) => {
        server.close(resolve);
      }),
  };
}
