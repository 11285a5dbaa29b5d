import { expect, test } from "vitest";
import { ClusterUnion } from "./clusters";
import { NearCopies } from "./near-copies";
import { uniformsFrom } from "./seeded-draws";

const uniform = uniformsFrom("ab".repeat(32), 0);
const wordsOf = (count: number) => Array.from({ length: count }, () => `w${Math.floor(uniform() * 50_000)}`);

function joined(texts: readonly string[]) {
  const union = new ClusterUnion();
  const copies = new NearCopies(union);
  texts.forEach((text, row) => copies.add(row, text));
  copies.join();
  return { roots: texts.map((_, row) => union.rootOf(row)), from: union.from };
}

test("texts that are equal but for capitals, signs and blanks are one cluster", () => {
  const filler = Array.from({ length: 20 }, (_, index) => `another line number ${index}`);
  const { roots, from } = joined(["Hello,  WORLD!", "hello world", "hello worlds", ...filler]);
  expect(roots.slice(0, 3)).toEqual([0, 0, 2]);
  expect(from).toEqual(["near_copies"]);
});

test("a long text with few words changed is found, and one with many is not", () => {
  const words = wordsOf(200);
  const changed = (every: number) => words.map((word, at) => (at % every === 0 ? `x${at}` : word)).join(" ");
  const { roots } = joined([words.join(" "), changed(100), changed(10), wordsOf(200).join(" ")]);
  expect(roots).toEqual([0, 0, 2, 3]);
});

test("all near-copies of many texts are found, and nothing else is joined", () => {
  const texts = Array.from({ length: 500 }, () => wordsOf(60));
  const copies = texts.map((words) => words.map((word, at) => (at === 30 ? "changed" : word)));
  const { roots } = joined([...texts, ...copies].map((words) => words.join(" ")));
  expect(roots.slice(0, 500)).toEqual(texts.map((_, row) => row));
  expect(roots.slice(500)).toEqual(texts.map((_, row) => row));
});

test("a column with few short values is no text, so that its values join nothing", () => {
  expect(joined(["short", "long", "short", "long"])).toEqual({ roots: [0, 1, 2, 3], from: [] });
});

test("whoever is joined to one of two is joined to both, by whatever source", () => {
  const union = new ClusterUnion();
  union.name(0, "cluster_column", 1, "a");
  union.name(1, "cluster_column", 1, "a");
  union.name(1, "repeated_ids", 2, "a");
  union.name(5_000, "repeated_ids", 2, "a");
  union.name(7, "repeated_ids", 3, "a");
  expect([0, 1, 5_000, 7].map((row) => union.rootOf(row))).toEqual([0, 0, 0, 7]);
  expect(union.from).toEqual(["cluster_column", "repeated_ids"]);
});

test("time grows with the words", { timeout: 60_000 }, () => {
  const timeOf = (count: number) => {
    const texts = Array.from({ length: count }, () => wordsOf(40).join(" "));
    const started = performance.now();
    joined(texts);
    return performance.now() - started;
  };
  timeOf(500);
  expect(timeOf(8_000)).toBeLessThan(8 * 6 * timeOf(1_000));
});
