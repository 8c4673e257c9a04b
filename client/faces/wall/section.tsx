import { useId, type ReactNode } from "react";
import styles from "./section.module.css";

/** A rule, a heading with a note at its right end, and what belongs to it. */
export function Section(props: {
  title: string;
  note?: ReactNode;
  /** May give up whole rows when the column is full. */
  shrinks?: boolean;
  /** Takes the room that the column has left, up to what a chart can use. */
  grows?: boolean;
  /** Is as high as its cell, and so may be what it holds. */
  fills?: boolean;
  children: ReactNode;
}) {
  const { title, note, shrinks = false, grows = false, fills = false, children } = props;
  const id = useId();
  return (
    <section
      className={styles.section}
      data-shrinks={shrinks}
      data-grows={grows}
      data-fills={fills}
      aria-labelledby={id}
    >
      <div className={styles.head}>
        <h2 id={id}>{title}</h2>
        {note !== undefined && <span className={styles.note}>{note}</span>}
      </div>
      {children}
    </section>
  );
}
