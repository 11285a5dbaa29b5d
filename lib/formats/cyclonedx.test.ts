import { expect, test } from "vitest";
import { importCycloneDx } from "./cyclonedx";

const read = (model: object, more: object = {}) =>
  importCycloneDx(
    "bom.json",
    JSON.stringify({
      bomFormat: "CycloneDX",
      specVersion: "1.7",
      components: [{ type: "machine-learning-model", name: "leaf-namer", ...model }],
      ...more,
    }),
  );

const licenceOf = async (licenses: object[]) => (await read({ licenses })).draft.listing.licenceSpdx;
const id = (name: string, acknowledgement?: string) => ({
  license: { id: name, ...(acknowledgement && { acknowledgement }) },
});

test("a choice among licences keeps its brackets when others apply too", async () => {
  const choice = { expression: "GPL-3.0-only OR MIT" };
  expect(await licenceOf([choice])).toBe("GPL-3.0-only OR MIT");
  expect(await licenceOf([id("CC-BY-4.0"), choice])).toBe("CC-BY-4.0 AND (GPL-3.0-only OR MIT)");
  expect(await licenceOf([choice, { expression: "ISC or Zlib" }])).toBe(
    "(GPL-3.0-only OR MIT) AND (ISC or Zlib)",
  );
});

test("a licence counts once, and as its author declared it, with what others concluded listed", async () => {
  expect(await licenceOf([id("ISC", "declared"), id("ISC", "concluded")])).toBe("ISC");
  expect(await licenceOf([id("ISC", "concluded")])).toBe("ISC");
  const { draft, notMapped } = await read({ licenses: [id("ISC", "declared"), id("MIT", "concluded")] });
  expect(draft.listing.licenceSpdx).toBe("ISC");
  expect(notMapped).toContainEqual({
    path: "components[0].licenses[1]",
    value: '{"license":{"id":"MIT","acknowledgement":"concluded"}}',
    reason: "Somebody concluded another licence than its author declared.",
  });
});

test("a licence that is too long for its field is left out whole, never cut", async () => {
  const expression = Array.from({ length: 20 }, (_, index) => `LicenseRef-${index}`).join(" OR ");
  const { draft, notMapped } = await read({ licenses: [{ expression }] });
  expect(draft.listing.licenceSpdx).toBe("");
  expect(notMapped.map(({ reason }) => reason).join()).toContain("longer than the 120 characters");
});

test("what a data set was used for is never made up", async () => {
  const datasets = [{ type: "dataset", name: "Leaves of May" }];
  const { draft } = await read({ modelCard: { modelParameters: { datasets } } });
  expect(draft.dataOrigins[0]?.use).toBe("not_stated");
  expect(draft.listing.dataOrigins?.[0]?.use).toBe("");
});

test("models among its ancestors are its base models, and other ancestors are not", async () => {
  const ancestors = [
    { type: "machine-learning-model", group: "meadow", name: "plant-base", version: "4" },
    { type: "library", name: "toolbox" },
    { type: "machine-learning-model", name: "meadow/plant-base" },
  ];
  const { draft } = await read({ pedigree: { ancestors } });
  expect(draft.listing.baseModels).toBe("meadow/plant-base");
  expect(draft.conditions).toContainEqual({ name: "base model", value: "meadow/plant-base 4" });
});

test("figures are read in the forms in which people write them", async () => {
  const performanceMetrics = ["0.62", "71,5 %", "0.6 ± 0.05", "12,345"].map((value) => ({
    type: "F1",
    value,
  }));
  const { draft } = await read({ modelCard: { quantitativeAnalysis: { performanceMetrics } } });
  expect(draft.figures.map(({ value, scale }) => [value, scale])).toEqual([
    [0.62, "proportion"],
    [71.5, "percent"],
    [0.6, "proportion"],
    [null, "not_stated"],
  ]);
  expect(draft.figures[2]?.interval).toMatchObject({ method: "as stated" });
});
