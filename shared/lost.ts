/** A stretch of which the history lost rows, as `/api/v1/lost` tells it. */
export interface LostSpan {
  readonly fromAt: number;
  /** Exclusive. */
  readonly toAt: number;
  /** Of all kinds. */
  readonly rows: number;
  /** When it was measured again from bodies that were kept, and for how many of how many indicators; `null` until then. */
  readonly recovered: { readonly at: number; readonly indicators: number; readonly of: number } | null;
}
