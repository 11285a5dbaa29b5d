import { expect, test } from "vitest";
import { comparedText, shownText } from "./sent-text";

const envelope = (signature: string, payload = "eyJhIjoxfQ==") =>
  JSON.stringify({ payload, payloadType: "application/vnd.in-toto+json", signatures: [{ sig: signature }] });

test("texts, numbers, lists and what is left empty are compared by what they say", () => {
  expect(comparedText("price", "12")).not.toBe(comparedText("price", 12));
  expect(comparedText("a", { b: 1, c: undefined })).toBe(comparedText("a", { b: 1 }));
  expect(comparedText("a", { b: "x", a: "y" })).toBe(comparedText("a", { a: "y", b: "x" }));
  expect(comparedText("a", ["x", "y"])).not.toBe(comparedText("a", ["y", "x"]));
  expect(comparedText("a", 0.5)).not.toBe(comparedText("a", 0.25));
  expect(comparedText("a", new Date(0))).not.toBe(comparedText("a", new Date(1)));
  expect(comparedText("a", null)).not.toBe(comparedText("a", "null"));
});

test("a statement signed anew is the same, another statement is not", () => {
  expect(comparedText("envelope", envelope("one"))).toBe(comparedText("envelope", envelope("two")));
  expect(comparedText("envelope", envelope("one", "e30="))).not.toBe(
    comparedText("envelope", envelope("one")),
  );
  const list = (...texts: string[]) => JSON.stringify(texts);
  expect(comparedText("envelopes", list(envelope("one")))).toBe(
    comparedText("envelopes", list(envelope("two"))),
  );
  expect(comparedText("proof", "MEUC")).toBe(comparedText("proof", "MEQC"));
});

test("text that looks like an envelope and is none is compared as it is", () => {
  expect(comparedText("body", "{payloadType")).not.toBe(comparedText("body", "{payloadType "));
});

test("secrets, long texts and whole objects are not repeated", () => {
  expect(shownText("price", "12")).toBe("12");
  expect(shownText("revision", 3)).toBe("3");
  for (const name of ["password", "newPassword", "token", "code", "details", "envelope", "spki"])
    expect(shownText(name, "12")).toBeNull();
  expect(shownText("body", "x".repeat(101))).toBeNull();
  expect(shownText("fields", { a: 1 })).toBeNull();
});
