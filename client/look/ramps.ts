/** From little to much; or from less over about the same to more. */
export type Ramp = "amount" | "change";

/** The tokens of the seven steps of each ramp, lowest first. */
export const rampTokens = {
  amount: ["s1", "s2", "s3", "s4", "s5", "s6", "s7"],
  change: ["lo3", "lo2", "lo1", "mid", "hi1", "hi2", "hi3"],
} as const satisfies Readonly<Record<Ramp, readonly string[]>>;
