import { expect, test } from "vitest";
import { canShow, sortLimitations, worstLimit } from "./limitation";
import { type Measures, limitKey, measuresSchema } from "./limitation-link";

const limit = <T extends string, S extends string>(
  type: T,
  severity: S,
  condition: string,
  measures: Measures | null = null,
) => ({ type, severity, condition, measures }) as const;

const recallOf = (label: string) => ({ quantity: "recall" as const, class: label });
const inSlice = (id: string, name = id) => ({ quantity: "accuracy" as const, slice: id, name });

test("a row says on what the model breaks, in the words of the worst limit's condition", () => {
  expect(
    worstLimit([
      limit("confuses_classes", "severe", "Shirt and coat change places."),
      limit("slow", "minor", ""),
    ]),
  ).toEqual({ type: "confuses_classes", text: "Shirt and coat change places" });
});

test("of what was measured the slices and classes are named, those of the worst type alone", () => {
  const rare = ["php", "sound", "graphics", "mail"].map((label) =>
    limit("rare_classes", "severe", "", recallOf(label)),
  );
  expect(worstLimit([...rare, limit("low_recall", "severe", "", recallOf("web"))])?.text).toBe(
    "php, sound, graphics",
  );
  expect(
    worstLimit([
      limit("low_overall_accuracy", "severe", "", inSlice("a", "Text it calls Vietnamese")),
      limit("low_overall_accuracy", "severe", "", inSlice("b", "Text it calls Bosnian")),
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

test("limits of one type are told apart by what measures them, and a slice by its id, whatever it is called", () => {
  const keys = [
    null,
    recallOf("spam"),
    recallOf("ham"),
    inSlice("html"),
    { quantity: "accuracy" as const },
  ].map((measures) => limitKey({ type: "low_recall", measures }));
  expect(new Set(keys).size).toBe(keys.length);
  expect(keys.every((key) => !key.includes("."))).toBe(true);
  expect(limitKey({ type: "html_input", measures: inSlice("html", "HTML") })).toBe(
    limitKey({ type: "html_input", measures: inSlice("html", "Mail with markup") }),
  );
});

test.each([
  ["low_recall", recallOf("spam"), true],
  ["low_recall", { quantity: "precision", class: "spam" }, false],
  ["low_recall", inSlice("html"), false],
  ["low_precision", { quantity: "precision", class: "spam" }, true],
  ["low_precision", inSlice("says:spam"), true],
  ["low_precision", recallOf("spam"), false],
  ["html_input", inSlice("html"), true],
  ["html_input", recallOf("spam"), false],
  ["low_overall_accuracy", { quantity: "accuracy" }, true],
  ["narrow_niche", { quantity: "coverage" }, true],
  ["narrow_niche", { quantity: "accuracy" }, false],
] as const)("%s measured by %j: %s", (type, measures, fits) => {
  expect(canShow(type, measures)).toBe(fits);
});

test("a link names a slice or a class, never both and never nothing where a class is meant", () => {
  expect(measuresSchema.safeParse(inSlice("html")).success).toBe(true);
  for (const broken of [
    { quantity: "recall" },
    { quantity: "recall", slice: "html", name: "HTML" },
    { quantity: "accuracy", slice: "html", name: "HTML", class: "spam" },
    { quantity: "accuracy", slice: "html" },
    { quantity: "precision", class: "" },
    { quantity: "recall", class: "a\0b" },
    { quantity: "f1", class: "spam" },
  ])
    expect(measuresSchema.safeParse(broken).success, JSON.stringify(broken)).toBe(false);
});

test("limits are ordered worst first, those of one type together", () => {
  const limits = [
    limit("slow", "minor", ""),
    limit("low_recall", "severe", "", recallOf("b")),
    limit("html_input", "severe", ""),
    limit("low_recall", "severe", "", recallOf("a")),
    limit("low_recall", "severe", ""),
  ];
  const order = sortLimitations(limits).map(({ type }) => type);
  expect(order).toEqual(["html_input", "low_recall", "low_recall", "low_recall", "slow"]);
});
