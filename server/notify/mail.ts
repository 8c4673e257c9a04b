/** The only place that knows how mail is sent (SMTP, RFC 5321). */

import { createTransport, type Transporter } from "nodemailer";
import type { MailSettings } from "../core/notify/route.ts";
import type { Sent } from "./outbox.ts";

export interface Attachment {
  readonly filename: string;
  readonly contentType: string;
  readonly content: Uint8Array;
}

export interface Mail {
  readonly to: string;
  readonly subject: string;
  readonly text: string;
  readonly attachments?: readonly Attachment[];
  /** The same mail always has the same, by which a mailbox knows what it has already. */
  readonly key: string;
}

/** How long a server may take to connect, to greet and to answer. */
const timeoutMs = 20_000;

export class Mailer {
  readonly #settings: MailSettings;
  #transport: Transporter | null = null;

  constructor(settings: MailSettings) {
    this.#settings = settings;
  }

  /** Never rejects. */
  async send({ to, subject, text, key, attachments = [] }: Mail): Promise<Sent> {
    const { from } = this.#settings;
    const domain = /@([^>\s]+)/.exec(from)?.[1] ?? "citydeck.invalid";
    try {
      this.#transport ??= createTransport({
        url: this.#settings.server(),
        connectionTimeout: timeoutMs,
        greetingTimeout: timeoutMs,
        socketTimeout: timeoutMs,
      });
      await this.#transport.sendMail({
        from,
        to,
        subject,
        text,
        attachments: attachments.map((one) => ({ ...one, content: Buffer.from(one.content) })),
        messageId: `<${key}@${domain}>`,
        // A machine's mail is not to be answered by machines (RFC 3834, §5).
        headers: { "Auto-Submitted": "auto-generated", "Citydeck-Key": key },
        disableFileAccess: true,
        disableUrlAccess: true,
      });
      return { ok: true };
    } catch (error) {
      return { ok: false, error: reasonOf(error), isFinal: isFinal(error) };
    }
  }

  close(): void {
    this.#transport?.close();
  }
}

/** A server that has understood and refuses this mailbox or this mail for good (RFC 5321, §4.2.1: 5yz). */
function isFinal(error: unknown): boolean {
  const { responseCode, command } = error as { responseCode?: number; command?: string };
  return responseCode !== undefined && responseCode >= 550 && (command === "RCPT TO" || command === "DATA");
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
