import type { Comparison } from "./comparison.fixture";
import type { Recount } from "./recount.fixture";
import { type Documents, type Run, runOf } from "./served-documents.fixture";

/** Characters after its name in which the figures of a slice stand. */
const FOLLOWING = 400;

export const grouped = (count: number) => count.toLocaleString("en");
const tenths = (share: number) => {
  const rounded = (share * 100).toFixed(1);
  return share < 1 && rounded === "100.0" ? "99.9" : share > 0 && rounded === "0.0" ? "0.1" : rounded;
};

/** What the market's pages say, each figure beside the name of its slice. */
export function comparePages(documents: Documents, { recount, statement }: Run, to: Comparison): void {
  const { slug, pages } = documents;
  const holds = (kind: string, page: string, where: string, text: string) =>
    to.same(kind, `${slug}, ${where}: “${text}”`, true, page.includes(text));
  const words = wordsOf(recount);
  const level = `${Number((Number(statement.method.level) * 100).toFixed(6))} %`;
  holds("row of the market", pages.browse, "verdict", words);
  holds("row of the market", pages.browse, "rows", `n = ${grouped(recount.overall.n)}`);
  holds("comparison", pages.compare, "verdict", `${words} at ${level}`);
  holds("page of the listing", pages.listing, "verdict", words);
  holds("page of the listing", pages.listing, "history", `${words} at ${level}`);
  for (const [place, mine] of recount.slices.entries()) {
    const name = String(statement.slices[place]?.["name"]);
    for (const text of figuresShown(mine))
      holds("page of the listing", after(pages.listing, name), name, text);
  }
  for (const [id, page] of pages.evaluations) {
    const run = runOf(documents, id);
    for (const [place, mine] of [run.recount.overall, ...run.recount.slices].entries()) {
      const name = place === 0 ? "All rows" : String(run.statement.slices[place - 1]?.["name"]);
      const table = page.slice(page.indexOf("Slices at"));
      for (const text of figuresShown(mine).slice(0, 2))
        holds("page of the evaluation", after(table, name), name, text);
    }
  }
}

/** What stands right after a slice's name, and not after one that ends or begins like it. */
function after(page: string, name: string): string {
  for (let at = page.indexOf(` ${name} `); at !== -1; at = page.indexOf(` ${name} `, at + 1)) {
    const rest = page.slice(at + name.length + 2, at + name.length + FOLLOWING);
    if (page[at - 1] !== "," && /^(The seller calls it|\d)/.test(rest)) return rest;
  }
  return "";
}

function figuresShown({ k, n, value, lower, upper, baseK, baseN }: Recount["overall"]): string[] {
  return [
    `${(lower * 100).toFixed(1)} – ${(upper * 100).toFixed(1)}`,
    `${tenths(value ?? 0)} %`,
    `${grouped(k)} of ${grouped(n)}`,
    `base rate ${tenths(baseN === 0 ? 0 : baseK / baseN)} %`,
  ];
}

function wordsOf({ slices }: Recount): string {
  const count = (verdict: string) => slices.filter((slice) => slice.verdict === verdict).length;
  const rest = [
    [count("fails"), "fail"],
    [count("not_enough_evidence"), "unknown"],
  ] as const;
  const told = rest.filter(([number]) => number > 0).map(([number, word]) => `${number} ${word}`);
  return [`works in ${count("filled") || "none"} of ${slices.length} slices`, ...told].join(", ");
}
