import { expect, test } from "vitest";
import { YAML_MAX_BYTES, YAML_MAX_DEPTH, YAML_MAX_ITEMS, readYamlText } from "./yaml-text";

const list = (items: number) => `a: [${Array(items).fill("x").join(",")}]`;
const nested = (depth: number) =>
  Array.from({ length: depth }, (_, at) => `${" ".repeat(at)}a:`).join("\n") + " x";

test.each([
  ["too_long", `a: ${"x".repeat(YAML_MAX_BYTES)}`],
  ["too_many", list(YAML_MAX_ITEMS + 2)],
  ["too_deep", nested(YAML_MAX_DEPTH + 1)],
  ["too_deep", "[".repeat(5_000)],
] as const)("what is %s is refused", (problem, text) => {
  expect(readYamlText(text)).toEqual({ problem });
});

test("what is just within the limits is read", () => {
  for (const text of [`a: ${"x".repeat(YAML_MAX_BYTES - 3)}`, list(YAML_MAX_ITEMS), nested(YAML_MAX_DEPTH)])
    expect(readYamlText(text)).toHaveProperty("value");
});
