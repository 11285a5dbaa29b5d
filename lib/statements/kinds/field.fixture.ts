import fc from "fast-check";

export const hex = fc.stringMatching(/^[0-9a-f]{64}$/);
export const instant = fc
  .date({ min: new Date("2001-01-01"), max: new Date("2099-12-31"), noInvalidDate: true })
  .map((at) => at.toISOString());
export const count = fc.nat();
export const id = fc.uuid();
export const words = fc
  .string({ unit: "grapheme", maxLength: 40 })
  .map((said) => said.replace(/[\0\p{Bidi_Control}]/gu, ""));
