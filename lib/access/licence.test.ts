import { expect, test } from "vitest";
import { licenceState, termEnd } from "./licence";

const at = (text: string) => new Date(`${text}T00:00:00Z`);
test("a licence is active from its first moment up to, and without, its end", () => {
  const licence = { status: "active" as const, startsAt: at("2026-01-01"), endsAt: at("2027-01-01") };
  expect(licenceState(licence, at("2025-12-31"))).toBe("not_started");
  expect(licenceState(licence, at("2026-01-01"))).toBe("active");
  expect(licenceState(licence, new Date(at("2027-01-01").getTime() - 1))).toBe("active");
  expect(licenceState(licence, at("2027-01-01"))).toBe("ended");
  expect(licenceState({ ...licence, status: "revoked" }, at("2026-06-01"))).toBe("revoked");
  expect(licenceState({ ...licence, endsAt: null }, at("2126-06-01"))).toBe("active");
});

test.each([
  ["2026-01-31", 1, "2026-02-28"],
  ["2024-02-29", 12, "2025-02-28"],
  ["2026-11-22", 12, "2027-11-22"],
  ["2026-12-31", 2, "2027-02-28"],
])("a term from %s of %i months ends %s", (from, months, end) => {
  expect(termEnd(at(from), months)).toEqual(at(end));
  expect(termEnd(at(from), null)).toBeNull();
});
