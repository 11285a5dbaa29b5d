import { createHash } from "node:crypto";
import { base32crockford } from "@scure/base";

export const RECOVERY_CODE_COUNT = 10;
/** 80 bits: nobody guesses one, so its plain SHA-256 may be kept. */
export const RECOVERY_CODE_BYTES = 10;

/** A recovery code as it is shown: sixteen letters and digits that cannot be mistaken for each other, in fours. */
export function recoveryCodeText(bytes: Uint8Array): string {
  return base32crockford
    .encode(bytes)
    .toLowerCase()
    .replace(/.{4}(?=.)/g, "$&-");
}

/** What is kept of a recovery code, however it was typed: case, spaces and dashes do not matter. */
export function recoveryCodeHash(typed: string): string {
  const letters = typed.toUpperCase().replace(/[\s-]/g, "").replace(/O/g, "0").replace(/[IL]/g, "1");
  return createHash("sha256").update(letters).digest("hex");
}
