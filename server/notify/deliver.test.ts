/** Mail to a real SMTP server, webhooks to real receivers, and what either does wrong. */

import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo, Server } from "node:net";
import { createServer as createTcpServer } from "node:net";
import { text } from "node:stream/consumers";
import type { ParsedMail } from "mailparser";
import { afterEach, describe, expect, it } from "vitest";
import { startMailServer } from "../../test/mail-server.ts";
import { Mailer } from "./mail.ts";
import { signatureOf, Webhooks } from "./webhook.ts";

const closing: (() => unknown)[] = [];

afterEach(async () => {
  for (const close of closing.splice(0).toReversed()) await close();
});

async function mailServer(): Promise<{
  address: (password: string) => string;
  received: readonly ParsedMail[];
}> {
  const { port, received, stop } = await startMailServer();
  closing.push(stop);
  return { received, address: (password) => `smtp://citydeck:${password}@127.0.0.1:${port}` };
}

function listening(server: Server): Promise<AddressInfo> {
  return new Promise((resolve) => {
    server.on("listening", () => {
      resolve(server.address() as AddressInfo);
    });
  });
}

function mailer(server: string): Mailer {
  const made = new Mailer({ server: () => server, from: "Citydeck <citydeck@city.example>" });
  closing.push(() => {
    made.close();
  });
  return made;
}

const mail = { to: "duty@city.example", subject: "高：桥梁封闭", text: "自 12:00 起\n", key: "abc123" };

describe("mail", () => {
  it("arrives in any language, marked as a machine's, with a key of its own", async () => {
    const { address, received } = await mailServer();
    expect(await mailer(address("secret")).send(mail)).toEqual({ ok: true });
    const [got] = received;
    expect(got).toMatchObject({ subject: mail.subject, text: mail.text, messageId: "<abc123@city.example>" });
    expect(got?.headers.get("auto-submitted")).toBe("auto-generated");
    expect(got?.headers.get("citydeck-key")).toBe("abc123");
  });

  it("to a mailbox that is not there is refused for good; a wrong password is not for good", async () => {
    const { address } = await mailServer();
    expect(await mailer(address("secret")).send({ ...mail, to: "no-one@city.example" })).toMatchObject({
      ok: false,
      isFinal: true,
      error: expect.stringContaining("no such mailbox") as string,
    });
    expect(await mailer(address("wrong")).send(mail)).toMatchObject({ ok: false, isFinal: false });
  });

  it("says why it cannot be sent: nobody listens, nonsense is answered, no address is set", async () => {
    const nonsense = createTcpServer((socket) => socket.end("HTTP/1.1 200 OK\r\n\r\n"));
    const { port } = await listening(nonsense.listen(0, "127.0.0.1"));
    closing.push(() => nonsense.close());
    expect(await mailer("smtp://127.0.0.1:1").send(mail)).toMatchObject({
      ok: false,
      isFinal: false,
      error: expect.stringContaining("ECONNREFUSED") as string,
    });
    expect(await mailer(`smtp://127.0.0.1:${port}`).send(mail)).toMatchObject({ ok: false, isFinal: false });
    const unset = new Mailer({
      from: "citydeck@city.example",
      server: () => {
        throw new Error("the environment variable MAIL is not set");
      },
    });
    expect(await unset.send(mail)).toEqual({
      ok: false,
      isFinal: false,
      error: "the environment variable MAIL is not set",
    });
  });
});

async function receiver(
  answer: (request: IncomingMessage, response: ServerResponse) => void,
): Promise<string> {
  const server = createServer(answer);
  const { port } = await listening(server.listen(0, "127.0.0.1"));
  closing.push(() => {
    server.closeAllConnections();
    server.close();
  });
  return `http://127.0.0.1:${port}/alarms`;
}

function webhooks(allowHosts: readonly string[] = ["127.0.0.1"]): Webhooks {
  const made = new Webhooks({ allowHosts, userAgent: "Citydeck/test" }, 300);
  closing.push(() => made.close());
  return made;
}

const hook = { secret: () => "whsec_c2VjcmV0", key: "abc123", body: '{"type":"alarms.new"}' };
const wallNow = 1_780_000_000_123;

describe("a webhook", () => {
  it("is signed so that a receiver can check it", async () => {
    const got: { headers: IncomingMessage["headers"]; body: string }[] = [];
    const url = await receiver((request, response) => {
      void text(request).then((body) => {
        got.push({ headers: request.headers, body });
        response.writeHead(204).end();
      });
    });
    expect(await webhooks().send({ ...hook, url }, wallNow)).toEqual({ ok: true });
    expect(got).toMatchObject([
      {
        body: hook.body,
        headers: {
          "content-type": "application/json",
          "user-agent": "Citydeck/test",
          "webhook-id": "abc123",
          "webhook-timestamp": "1780000000",
          "webhook-signature": signatureOf("whsec_c2VjcmV0", "abc123", 1_780_000_000, hook.body),
        },
      },
    ]);
  });

  it("has the signature of the specification's own example", () => {
    const signed = signatureOf(
      "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
      "msg_p5jXN8AQM9LWM0D4loKWxJek",
      1_614_265_330,
      '{"test": 2432232314}',
    );
    expect(signed).toBe("v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
  });

  it("fails by what is answered, by silence and by redirects, and says how", async () => {
    const cases: [(request: IncomingMessage, response: ServerResponse) => void, RegExp, boolean][] = [
      [(_request, response) => response.writeHead(500).end("no"), /^answered 500$/, false],
      [(_request, response) => response.writeHead(410).end(), /^answered 410$/, true],
      [(_request, response) => response.writeHead(302, { location: "/else" }).end(), /^answered 302$/, false],
      [(request) => request.socket.destroy(), /closed/, false],
      [(request) => request.socket.end("nonsense\r\n\r\n"), /\w/, false],
      [() => undefined, /time|abort/i, false],
    ];
    for (const [answer, error, isFinal] of cases) {
      const url = await receiver(answer);
      expect(await webhooks().send({ ...hook, url }, wallNow)).toEqual({
        ok: false,
        error: expect.stringMatching(error) as string,
        isFinal,
      });
    }
  });

  it("takes no more than the status of an answer without end", async () => {
    const url = await receiver((_request, response) => {
      response.writeHead(200);
      const pour = (): void => {
        while (!response.destroyed && response.write("x".repeat(65_536)));
      };
      response.on("drain", pour);
      pour();
    });
    expect(await webhooks().send({ ...hook, url }, wallNow)).toEqual({ ok: true });
  });

  it("goes to no address inside that the city folder does not name", async () => {
    const url = await receiver((_request, response) => response.writeHead(204).end());
    expect(await webhooks([]).send({ ...hook, url }, wallNow)).toMatchObject({
      ok: false,
      error: expect.stringContaining("allowHosts") as string,
    });
  });
});
