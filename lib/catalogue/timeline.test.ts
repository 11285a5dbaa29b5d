import fc from "fast-check";
import { expect, test } from "vitest";
import { GAP_DAYS, isGap, spanText, type TimelineEntry, withGaps } from "./timeline";

const day = (number: number) => new Date(number * 86_400_000);
const entry = (id: string, from: number, to: number | null = null): TimelineEntry => ({
  ...{ id, kind: "trained", text: id, originator: "seller", isAdverse: false, subjectId: null },
  fromDate: day(from),
  toDate: to === null ? null : day(to),
});

test("a silence longer than 180 days is a gap, also the one until now", () => {
  const line = withGaps([entry("a", 0, 10), entry("b", 400)], day(1000));
  expect(line.map((item) => (isGap(item) ? "gap" : item.id))).toEqual(["gap", "b", "gap", "a"]);
});

test("nothing is claimed of the time before the first entry, nor when there is none", () => {
  expect(withGaps([], day(1000))).toEqual([]);
  expect(withGaps([entry("a", 999)], day(1000)).some(isGap)).toBe(false);
});

test("every entry is shown once, newest first, and no gap covers a day that an entry covers", () => {
  const some = fc.array(fc.tuple(fc.nat(5000), fc.option(fc.nat(900))), { maxLength: 12 });
  fc.assert(
    fc.property(some, (spans) => {
      const entries = spans.map(([from, length], index) =>
        entry(String(index), from, length === null ? null : from + length),
      );
      const line = withGaps(entries, day(6000));
      const shown = line.filter((item) => !isGap(item));
      expect(shown.length).toBe(entries.length);
      expect(shown.map((item) => item.fromDate.getTime())).toEqual(
        shown.map((item) => item.fromDate.getTime()).sort((a, b) => b - a),
      );
      for (const gap of line.filter(isGap)) {
        expect(gap.toDate.getTime() - gap.fromDate.getTime()).toBeGreaterThan(GAP_DAYS * 86_400_000);
        for (const { fromDate, toDate } of entries)
          expect((toDate ?? fromDate) <= gap.fromDate || fromDate >= gap.toDate).toBe(true);
      }
    }),
  );
});

test("a span reads as exactly as it needs to", () => {
  expect(spanText(new Date("2002-01-01"), new Date("2002-12-31"))).toBe("2002");
  expect(spanText(new Date("2002-03-05"), null)).toBe("Mar 2002");
  expect(spanText(new Date("2002-03-05"), new Date("2026-01-01"))).toBe("2002 – 2026");
});
