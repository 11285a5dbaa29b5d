import { expect, test } from "vitest";
import { DESCRIPTION_MAX_CHARACTERS, markedNodesSchema, readMarkedText } from "./marked-text";

const nodesOf = (text: string) => {
  const read = readMarkedText(text);
  if ("refusal" in read) throw new Error(read.refusal);
  return read.nodes;
};
const refusalOf = (text: string) => {
  const read = readMarkedText(text);
  return "refusal" in read ? read.refusal : null;
};

test("words, lists, code and headings become nodes, headings below those of the page", () => {
  expect(nodesOf("# One\n\nA *b* **c**\n\n- x\n- y\n\n3. z\n\n```js\nlet a;\n```\n\n> q\n\n---")).toEqual([
    { tag: "h3", children: ["One"] },
    {
      tag: "p",
      children: ["A ", { tag: "em", children: ["b"] }, " ", { tag: "strong", children: ["c"] }],
    },
    {
      tag: "ul",
      children: [
        { tag: "li", children: ["x"] },
        { tag: "li", children: ["y"] },
      ],
    },
    { tag: "ol", start: 3, children: [{ tag: "li", children: ["z"] }] },
    { tag: "pre", children: [{ tag: "code", children: ["let a;\n"] }] },
    { tag: "blockquote", children: [{ tag: "p", children: ["q"] }] },
    { tag: "hr" },
  ]);
});

test("HTML is the text it is, and an image is its words", () => {
  expect(nodesOf("<script>x</script> <b>y</b>")).toEqual([
    { tag: "p", children: ["<script>x</script> <b>y</b>"] },
  ]);
  expect(nodesOf("![a *cat*](https://a.example/x.png) ![](https://b.example)")).toEqual([
    { tag: "p", children: ["[image: a cat] [image]"] },
  ]);
});

test.each([
  "javascript:alert(1)",
  "http://a.example",
  "https://me:secret@a.example",
  "//a.example",
  "data:text/html,x",
])("a link to %s is no link", (href) => {
  expect(JSON.stringify(nodesOf(`[a](${href}) <${href}>\n\n[b]: ${href}\n\n[b]`))).not.toContain(
    '"a","href"',
  );
  expect(markedNodesSchema.safeParse([{ tag: "a", href, children: [] }]).success).toBe(false);
});

test("a link to a page and one to a mail address stay", () => {
  expect(nodesOf("[a](https://a.example/x) <mailto:b@c.example>")).toEqual([
    {
      tag: "p",
      children: [
        { tag: "a", href: "https://a.example/x", children: ["a"] },
        " ",
        { tag: "a", href: "mailto:b@c.example", children: ["mailto:b@c.example"] },
      ],
    },
  ]);
});

test.each([
  ["quotations", (n: number) => `${"> ".repeat(n)}a`],
  ["lists", (n: number) => Array.from({ length: n }, (_, i) => `${"  ".repeat(i)}- a`).join("\n")],
  ["emphasis", (n: number) => `${"_a *b ".repeat(n / 2)}${"b* a_ ".repeat(n / 2)}`],
])("%s nest twenty deep and no deeper", (_, nested) => {
  // A paragraph in quotations, or the one that holds the emphasis, is a level too.
  expect(refusalOf(nested(18))).toBeNull();
  expect(refusalOf(nested(24))).toContain("more than 20 deep");
  expect(refusalOf(nested(2_000).slice(0, DESCRIPTION_MAX_CHARACTERS))).toContain("more than 20 deep");
});

test("2,000 pieces are shown and more are refused", () => {
  expect(nodesOf("a\n\n".repeat(1_000))).toHaveLength(1_000);
  expect(refusalOf("a\n\n".repeat(1_001))).toContain("2,000 pieces");
});

test("20,000 characters are read and one more is refused", () => {
  expect(nodesOf("a".repeat(DESCRIPTION_MAX_CHARACTERS))).toHaveLength(1);
  expect(refusalOf("a".repeat(DESCRIPTION_MAX_CHARACTERS + 1))).toBe("It has more than 20,000 characters.");
});

test("what is kept holds no other tag, attribute or level of trust", () => {
  const kept = (node: unknown) => markedNodesSchema.safeParse([node]).success;
  expect(kept({ tag: "p", children: ["a"] })).toBe(true);
  expect(kept({ tag: "script", children: ["a"] })).toBe(false);
  expect(kept({ tag: "p", children: ["a"], onClick: "x" })).toBe(false);
  expect(kept({ tag: "ol", start: "1", children: [] })).toBe(false);
});
