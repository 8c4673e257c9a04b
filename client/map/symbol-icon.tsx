import { useEffect, useRef } from "react";
import { useMapTokens } from "./map-tokens.ts";
import { drawSymbol, type SymbolName } from "./symbols.ts";
import styles from "./symbol-icon.module.css";

/** A map symbol beside words, drawn as on the map. */
export function SymbolIcon({ name }: { name: SymbolName }) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const tokens = useMapTokens();
  useEffect(() => {
    const pen = canvas.current?.getContext("2d");
    if (!canvas.current || !pen) return;
    const size = canvas.current.width;
    pen.setTransform(size / 2, 0, 0, size / 2, size / 2, size / 2);
    pen.clearRect(-1, -1, 2, 2);
    // The legend shows vehicles as arrows to the upper right: a heading, not an upright triangle.
    if (name.startsWith("arrow")) pen.rotate(Math.PI / 4);
    drawSymbol(pen, name, tokens);
  }, [name, tokens]);
  return <canvas ref={canvas} className={styles.icon} width={64} height={64} aria-hidden="true" />;
}
