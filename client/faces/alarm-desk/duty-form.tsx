import { useState, type FormEvent } from "react";
import { signOut, useMayChange } from "../../live/access.ts";
import { useWords } from "../../words/words.ts";
import { TokenForm } from "../token-form.tsx";
import styles from "./alarm-desk.module.css";
import { beginDuty, useOnDuty } from "./on-duty.ts";

/** Who is at this desk, in a line; asked for until it is known, and on demand. So is the token, until there is one. */
export function DutyLine() {
  const { t } = useWords();
  const mayChange = useMayChange();
  return (
    <>
      <Duty />
      {mayChange === true && (
        <button type="button" onClick={() => void signOut()}>
          {t("faces.token.signOut")}
        </button>
      )}
      {mayChange === false && <TokenForm why={t("desk.token")} />}
    </>
  );
}

function Duty() {
  const { t } = useWords();
  const duty = useOnDuty();
  const [isAsked, setAsked] = useState(false);
  if (duty === null || isAsked) return <DutyForm onBegun={() => setAsked(false)} />;
  return (
    <p className={styles.duty}>
      {duty.shift === null
        ? duty.position
        : t("desk.duty.is", { position: duty.position, shift: duty.shift })}{" "}
      <button type="button" onClick={() => setAsked(true)}>
        {t("desk.duty.change")}
      </button>
    </p>
  );
}

function DutyForm({ onBegun }: { onBegun: () => void }) {
  const { t } = useWords();
  const duty = useOnDuty();
  const [position, setPosition] = useState(duty?.position ?? "");
  const [shift, setShift] = useState(duty?.shift ?? "");
  const begin = (event: FormEvent): void => {
    event.preventDefault();
    beginDuty({ position: position.trim(), shift: shift.trim() || null });
    onBegun();
  };
  return (
    <form className={styles.dutyForm} onSubmit={begin} aria-label={t("desk.duty.title")}>
      <label>
        {t("desk.duty.position")}{" "}
        <input
          required
          pattern=".*\S.*"
          maxLength={80}
          placeholder={t("desk.duty.positionExample")}
          value={position}
          onChange={(event) => setPosition(event.target.value)}
        />
      </label>
      <label>
        {t("desk.duty.shift")}{" "}
        <input
          maxLength={80}
          placeholder={t("desk.duty.shiftExample")}
          value={shift}
          onChange={(event) => setShift(event.target.value)}
        />
      </label>
      <button type="submit">{t("desk.duty.begin")}</button>
      <span className={styles.quiet}>{t("desk.duty.why")}</span>
    </form>
  );
}
