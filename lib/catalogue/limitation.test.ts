import { expect, test } from "vitest";
import { worstLimit } from "./limitation";

const limit = <T extends string, S extends string>(type: T, severity: S, condition: string) =>
  ({ type, severity, condition }) as const;

test("a row says on what the model breaks, in the words of the worst limit's condition", () => {
  expect(
    worstLimit([
      limit("confuses_classes", "severe", "Shirt and coat change places."),
      limit("slow", "minor", ""),
    ]),
  ).toEqual({ type: "confuses_classes", text: "Shirt and coat change places" });
});

test("short clauses are listed, of long ones the first is said", () => {
  expect(worstLimit([limit("rare_classes", "severe", "php; also sound; graphics; mail")])?.text).toBe(
    "php, sound, graphics",
  );
  expect(
    worstLimit([
      limit("low_overall_accuracy", "severe", "Text it calls Vietnamese; also Text it calls Bosnian"),
    ])?.text,
  ).toBe("Text it calls Vietnamese");
});

test("where the condition is long the next limit as severe speaks, never a milder one", () => {
  const long = limit("confuses_classes", "severe", "a".repeat(53));
  expect(worstLimit([long, limit("low_precision", "severe", "mail")])).toEqual({
    type: "low_precision",
    text: "mail",
  });
  expect(worstLimit([long, limit("low_precision", "minor", "mail")])).toEqual({
    type: "confuses_classes",
    text: "Confuses similar classes",
  });
});

test("a limit whose name says it all is named, and a model without limits has none", () => {
  expect(worstLimit([limit("html_input", "severe", "When an HTML mail is called wanted.")])?.text).toBe(
    "HTML input",
  );
  expect(worstLimit([])).toBeNull();
});
