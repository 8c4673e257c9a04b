import type { MouseEvent, ReactNode } from "react";
import { goTo } from "../route.ts";

/** A link inside the product: an ordinary anchor that does not load the page again. */
export function Link({
  to,
  isCurrent = false,
  keepsPlace = false,
  children,
}: {
  to: string;
  isCurrent?: boolean;
  /** It leads to the same page, which stays where it is scrolled to. */
  keepsPlace?: boolean;
  children: ReactNode;
}) {
  const follow = (event: MouseEvent): void => {
    if (event.metaKey || event.ctrlKey || event.shiftKey || event.button !== 0) return;
    event.preventDefault();
    goTo(to, keepsPlace);
  };
  return (
    <a href={to} onClick={follow} aria-current={isCurrent ? "page" : undefined}>
      {children}
    </a>
  );
}
