import fc from "fast-check";
import { expect, test } from "vitest";
import { subjectOfPath } from "./report";

test("a report knows what it is about from the page's address", () => {
  expect(subjectOfPath("/listings/short-mail?level=0.9")).toEqual({ kind: "listing", name: "short-mail" });
  expect(subjectOfPath("/people/anna#x")).toEqual({ kind: "account", name: "anna" });
  expect(subjectOfPath("/deals/123/dispute")).toEqual({ kind: "deal", name: "123" });
  expect(subjectOfPath("/glossary")).toEqual({ kind: "page", name: "/glossary" });
});

test.each(["https://evil.example/listings/x", "//evil.example", "javascript:alert(1)", "/\\evil", ""])(
  "%j is not a page of ours",
  (path) => {
    expect(subjectOfPath(path)).toEqual({ kind: "page", name: "/" });
  },
);

test("no address breaks it", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary" }), (path) => {
      expect(subjectOfPath(path).name.length).toBeLessThanOrEqual(300);
      expect(subjectOfPath(`/listings/${path}`).name.length).toBeLessThanOrEqual(300);
    }),
  );
});
