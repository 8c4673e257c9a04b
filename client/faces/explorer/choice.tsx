import { useEffect, useId, useRef, useState, type ReactNode } from "react";
import styles from "./explorer.module.css";

/**
 * A part of the sentence that can be chosen anew: its value as words, and what to choose from in a sheet under it, which is
 * made when it is opened. The browser closes the sheet on Escape and on a click beside it, and gives the focus back.
 */
export function Choice(props: {
  name: string;
  value: string;
  isButton?: boolean;
  /** One choice is all there is to make: when this becomes another one, the sheet closes. */
  closesOn?: string;
  children: ReactNode;
}) {
  const { name, value, isButton = false, closesOn, children } = props;
  const id = useId();
  const button = useRef<HTMLButtonElement>(null);
  const sheet = useRef<HTMLDivElement>(null);
  const [isOpen, setOpen] = useState(false);
  useEffect(() => {
    if (closesOn !== undefined) sheet.current?.hidePopover();
  }, [closesOn]);
  // Under its words when there is room, also for what comes into it later, and with the focus on what is chosen first.
  useEffect(() => {
    const [from, over] = [button.current, sheet.current];
    if (!isOpen || !from || !over) return;
    const place = (): void => {
      const { left, bottom } = from.getBoundingClientRect();
      over.style.top = `${bottom + 4}px`;
      over.style.left = `${Math.max(Math.min(left, innerWidth - over.offsetWidth - 12), 12)}px`;
      over.style.maxHeight = `${innerHeight - bottom - 20}px`;
    };
    place();
    over.querySelector<HTMLElement>("[data-first]")?.focus();
    const observer = new ResizeObserver(place);
    observer.observe(over);
    return () => observer.disconnect();
  }, [isOpen]);
  return (
    <>
      <button
        type="button"
        ref={button}
        className={isButton ? styles.button : styles.choice}
        popoverTarget={id}
        aria-haspopup="dialog"
      >
        {name !== value && <span className="visually-hidden">{`${name}: `}</span>}
        {value}
      </button>
      <div
        id={id}
        ref={sheet}
        popover="auto"
        role="dialog"
        aria-label={name}
        className={styles.sheet}
        onToggle={(event) => setOpen(event.newState === "open")}
      >
        {isOpen && children}
      </div>
    </>
  );
}

/** One of several, as a list of radio buttons: arrow keys move and choose. */
export function OneOf<T extends string>(props: {
  title: string;
  options: readonly (readonly [value: T, words: string])[];
  chosen: T;
  isDisabled?: (value: T) => boolean;
  onChoose: (value: T) => void;
}) {
  const { title, options, chosen, isDisabled = () => false, onChoose } = props;
  const name = useId();
  return (
    <fieldset className={styles.options}>
      <legend>{title}</legend>
      {options.map(([value, words]) => (
        <label key={value}>
          <input
            type="radio"
            name={name}
            checked={value === chosen}
            disabled={isDisabled(value)}
            data-first={value === chosen ? true : undefined}
            onChange={() => onChoose(value)}
          />
          {words}
        </label>
      ))}
    </fieldset>
  );
}
