import { expect, test } from "vitest";
import { DEFAULT_VOLUME, readVolume } from "./volume";

test("without a word it is 100,000 calls a month for 12 months", () => {
  expect(readVolume(undefined, undefined)).toEqual({
    volume: { callsPerMonth: 100_000, months: 12 },
    typed: { calls: "100000", months: "12" },
    errors: {},
    isOwn: false,
  });
  expect(readVolume("", " ").volume).toEqual(DEFAULT_VOLUME);
});

test.each([
  ["2500", 2_500],
  ["2,500", 2_500],
  ["2 500 000", 2_500_000],
  ["1.000.000.000", 1_000_000_000],
])("%s calls a month are read", (calls, callsPerMonth) => {
  expect(readVolume(calls, "24")).toMatchObject({
    volume: { callsPerMonth, months: 24 },
    errors: {},
    isOwn: true,
  });
});

test.each(["0", "-5", "1e9", "2.5", "1000000001", "many", "1,00", "9".repeat(400), "\0"])(
  "%j calls are named as wrong, shown again and not counted with",
  (calls) => {
    const read = readVolume(calls, "121");
    expect(read.volume).toEqual(DEFAULT_VOLUME);
    expect(read.errors).toEqual({
      calls: "Write a whole number from 1 to 1,000,000,000.",
      months: "Write a whole number from 1 to 120.",
    });
    expect(read.typed.months).toBe("121");
    expect(read.typed.calls.length).toBeLessThanOrEqual(40);
  },
);

test("of a number given twice the first counts", () => {
  expect(readVolume(["10", "20"], undefined).volume.callsPerMonth).toBe(10);
});
