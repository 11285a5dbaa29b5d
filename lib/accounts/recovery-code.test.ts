import { expect, test } from "vitest";
import { RECOVERY_CODE_BYTES, recoveryCodeHash, recoveryCodeText } from "./recovery-code";

test("a recovery code has 80 bits, as sixteen signs in fours", () => {
  expect(RECOVERY_CODE_BYTES * 8).toBe(80);
  expect(recoveryCodeText(new Uint8Array(10).fill(255))).toBe("zzzz-zzzz-zzzz-zzzz");
  expect(recoveryCodeText(new Uint8Array(10))).toBe("0000-0000-0000-0000");
});

test("a code is known however it was copied: case, dashes, spaces, and signs that look alike", () => {
  const hash = recoveryCodeHash("01ab-cdef-0123-4567");
  for (const typed of ["01AB CDEF 0123 4567", "oiabcdefo1234567", "  OLAB-CDEF-0L23-4567 "]) {
    expect(recoveryCodeHash(typed)).toBe(hash);
  }
  expect(recoveryCodeHash("01ab-cdef-0123-4568")).not.toBe(hash);
});
