/** Why any domain may refuse; each code means one thing. */
export type SharedRefusal = "amount_invalid" | "not_found" | "shares_invalid";
