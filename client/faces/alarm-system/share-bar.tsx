import styles from "./alarm-system.module.css";

/** A share as a bar, with a line at what is wanted; the numbers stand beside it. */
export function ShareBar({ percent, wanted = null }: { percent: number; wanted?: number | null }) {
  return (
    <svg className={styles.bar} viewBox="0 0 100 10" preserveAspectRatio="none" aria-hidden="true">
      <rect width="100" height="10" />
      <rect data-part width={Math.min(percent, 100)} height="10" />
      {wanted !== null && <path d={`M${wanted} 0V10`} vectorEffect="non-scaling-stroke" />}
    </svg>
  );
}
