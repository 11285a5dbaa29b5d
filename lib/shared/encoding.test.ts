import { expect, test } from "vitest";
import { MAX_JSON_DEPTH, measureJson, parseJson } from "./encoding";

test("JSON nests 64 deep and no deeper, whatever stands in its texts", () => {
  const nested = (depth: number) => "[".repeat(depth) + "]".repeat(depth);
  expect(parseJson(nested(MAX_JSON_DEPTH))).toBeDefined();
  expect(parseJson(nested(MAX_JSON_DEPTH + 1))).toBeUndefined();
  expect(parseJson(nested(1_000_000))).toBeUndefined();
  const text = JSON.stringify({ a: `${"[{".repeat(200)}\\"` });
  expect(parseJson(text)).toEqual(JSON.parse(text));
});

test("values are counted at least, and brackets and commas within a text are none", () => {
  expect(measureJson('{"a":[1,2,{"b":"[,,]"}]}')).toEqual({ depth: 3, values: 6 });
  expect(measureJson('"\\\\",[')).toEqual({ depth: 1, values: 3 });
});
