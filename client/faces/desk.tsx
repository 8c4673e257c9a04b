import type { ReactNode } from "react";
import { DataKind } from "./data-kind.tsx";
import styles from "./desk.module.css";

/** A page for a desk: its title, the ways to its other pages, who works at it, what kind of data it shows, and what it is about. */
export function Desk(props: {
  title: string;
  links: ReactNode;
  duty?: ReactNode;
  className: string;
  children: ReactNode;
}) {
  const { title, links, duty, className, children } = props;
  return (
    <div className={`${styles.desk} ${className}`}>
      <header className={styles.head}>
        <h1>{title}</h1>
        <nav aria-label={title}>{links}</nav>
        {duty && <div className={styles.duty}>{duty}</div>}
        <DataKind />
      </header>
      {children}
    </div>
  );
}
