import fc from "fast-check";
import { expect, test } from "vitest";
import { type DraftFields, draftFieldsSchema, emptyDraft } from "@/lib/catalogue/draft-fields";
import { fillFields } from "./draft-filling";

const origin = (name: string, more: object = {}) =>
  draftFieldsSchema.parse({ dataOrigins: [{ name, ...more }] }).dataOrigins;

test("what a file says fills empty fields, never replaces a written one, and says so", () => {
  const written = { ...emptyDraft, title: "Mine", licenceSpdx: "MIT" };
  const { fields, filled, left } = fillFields(written, {
    title: "Theirs",
    languages: "en",
    licenceSpdx: "mit",
    task: "",
  });
  expect(fields).toMatchObject({ title: "Mine", languages: "en", licenceSpdx: "MIT", fillings: 1 });
  expect(filled).toEqual(["Languages"]);
  expect(left).toEqual([{ path: "Title", value: "Theirs", reason: "You have “Mine” there, and it stays." }]);
});

test("data origins of another name join those that are there, and a known one stays as it was written", () => {
  const written = { ...emptyDraft, dataOrigins: origin("Mails of May", { source: "our help desk" }) };
  const joined = fillFields(written, {
    dataOrigins: [...origin("mails of may"), ...origin("Fashion", { licence: "MIT" })],
  });
  expect(joined.fields.dataOrigins.map(({ name }) => name)).toEqual(["Mails of May", "Fashion"]);
  expect(joined).toMatchObject({ filled: ["Data origins"], left: [] });
  const differing = fillFields(written, { dataOrigins: origin("Mails of May", { source: "bought" }) });
  expect(differing.fields.dataOrigins).toEqual(written.dataOrigins);
  expect(differing).toMatchObject({ filled: [], left: [{ path: "Data origins", value: "Mails of May" }] });
});

const text = fc.constantFrom("", " ", "a", "b", "A");
const someFields = fc.record({
  title: text,
  summary: text,
  languages: text,
  dataOrigins: fc.array(text, { maxLength: 3 }).map((names) => names.flatMap((name) => origin(name))),
});

test("whatever a file says, no word that was written is lost, and reading it again changes nothing", () => {
  fc.assert(
    fc.property(someFields, someFields, (typed, found) => {
      const stored: DraftFields = { ...emptyDraft, ...typed };
      const once = fillFields(stored, found);
      for (const key of ["title", "summary", "languages"] as const)
        if (stored[key].trim() !== "") expect(once.fields[key]).toBe(stored[key]);
      for (const { name } of stored.dataOrigins.filter((one) => one.name.trim() !== ""))
        expect(once.fields.dataOrigins.map((one) => one.name)).toContain(name);
      const again = fillFields(once.fields, found);
      expect({ ...again.fields, fillings: 0 }).toEqual({ ...once.fields, fillings: 0 });
      expect(again.filled).toEqual([]);
    }),
  );
});
