import "../words/start-words.ts";
import { useCity } from "../live/store.ts";
import { useWords } from "../words/words.ts";

/** To the mail of a simulated city, which is read on the server's own machine alone. */
export function MailboxLink() {
  const { t, language } = useWords();
  const mailbox = useCity()?.mailbox ?? null;
  if (mailbox === null || !isHere(location.hostname)) return null;
  return (
    <p>
      <a href={`${mailbox}?lang=${language}`} target="_blank" rel="noreferrer">
        {t("faces.start.mailbox")}
      </a>
    </p>
  );
}

function isHere(host: string): boolean {
  return host === "localhost" || host === "[::1]" || host.startsWith("127.");
}
