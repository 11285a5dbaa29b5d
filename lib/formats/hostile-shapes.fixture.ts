/** Texts that grow to any length and are the worst that is known of their kind, for benchmarks and drills of readers. */
export type Shape = {
  reader: "description" | "card" | "rows" | "foreign";
  name: string;
  of: (length: number) => string;
};

const times = (text: string, length: number) => text.repeat(Math.max(1, Math.floor(length / text.length)));
const lines = (count: number, line: (index: number) => string) =>
  Array.from({ length: Math.max(1, Math.floor(count)) }, (_, index) => line(index)).join("\n");
const closed = (open: string, close: string, length: number) =>
  open.repeat(length / (open.length + close.length)) + close.repeat(length / (open.length + close.length));
const frontMatter = (text: string) => `---\n${text}\n---\n# Card`;
const document = (rest: string) => `{"bomFormat":"CycloneDX","specVersion":"1.6","components":${rest}}`;

export const shapes: readonly Shape[] = [
  { reader: "description", name: "words", of: (n) => times("word ", n) },
  { reader: "description", name: "brackets", of: (n) => times("[", n) },
  { reader: "description", name: "image openers", of: (n) => times("![", n) },
  { reader: "description", name: "link openers", of: (n) => times("[a](", n) },
  { reader: "description", name: "emphasis openers", of: (n) => times("**a_b", n) },
  { reader: "description", name: "code ticks", of: (n) => times("`a``b```", n) },
  { reader: "description", name: "quotations", of: (n) => times("> ", n) },
  {
    reader: "description",
    name: "lazy quotations",
    of: (n) => `${times(">", 200)}a\n${times("b\n", n - 202)}`,
  },
  { reader: "description", name: "lists", of: (n) => lines(Math.sqrt(n), (i) => `${" ".repeat(i * 2)}- a`) },
  { reader: "description", name: "references", of: (n) => lines(n / 12, (i) => `[${i}]: /b`) },
  { reader: "description", name: "one long line", of: (n) => times("a", n) },
  { reader: "card", name: "keys", of: (n) => frontMatter(lines(n / 9, (i) => `k${i}: 1`)) },
  { reader: "card", name: "flow brackets", of: (n) => frontMatter(`a: ${closed("[", "]", n)}`) },
  { reader: "card", name: "explicit keys", of: (n) => frontMatter(`${times("? ", n)}a`) },
  { reader: "card", name: "sequences in one line", of: (n) => frontMatter(`${times("- ", n)}a`) },
  { reader: "card", name: "aliases", of: (n) => frontMatter(`a: &a [x]\nb:\n${times("- *a\n", n)}`) },
  { reader: "card", name: "empty flow items", of: (n) => frontMatter(`a: [${times(",", n)}]`) },
  { reader: "card", name: "headings", of: (n) => times("a\n=\n", n) },
  { reader: "card", name: "open comments", of: (n) => times("<!--", n) },
  { reader: "card", name: "blanks in limits", of: (n) => `# Limitations\n${times("a", 3)}${times(" ", n)}x` },
  { reader: "card", name: "stars in limits", of: (n) => `# Limitations\nb ${times("*", n)}x` },
  { reader: "card", name: "headings of HTML", of: (n) => times("<h1><\n\n", n) },
  {
    reader: "rows",
    name: "list of objects",
    of: (n) => `[${lines(n / 35, (i) => `{"label":${i},"prediction":1.0},`)}{}]`,
  },
  { reader: "rows", name: "brackets in a list", of: (n) => `[{"label":${times("[", n)}` },
  {
    reader: "rows",
    name: "blanks around values",
    of: (n) => `label,prediction\n${lines(n / 40, () => `${" ".repeat(18)}a,b${" ".repeat(18)}`)}`,
  },
  {
    reader: "rows",
    name: "repeated ids",
    of: (n) => `id,label,prediction\n${lines(n / 8, (i) => `${i % 3},a,${i % 2 ? "a" : "b"}`)}`,
  },
  {
    reader: "rows",
    name: "keys that come late",
    of: (n) => lines(n / 40, (i) => `{"label":1,"prediction":1,"k${i}":1}`),
  },
  { reader: "rows", name: "rows", of: (n) => `label,prediction,c\n${lines(n / 8, (i) => `a,b,x${i % 9}`)}` },
  { reader: "rows", name: "columns", of: (n) => `label,prediction${",c".repeat(n / 2)}` },
  { reader: "rows", name: "one open quote", of: (n) => `label,prediction\n"${times("a", n)}` },
  { reader: "rows", name: "doubled quotes", of: (n) => `label,prediction\n${times('"""",a\n', n)}` },
  {
    reader: "rows",
    name: "different texts",
    of: (n) => `label,prediction,c\n${lines(n / 18, (i) => `a,t${i},u${i * 7}`)}`,
  },
  { reader: "foreign", name: "nested lists", of: (n) => document(closed("[", "]", n)) },
  {
    reader: "foreign",
    name: "nested components",
    of: (n) => document(closed('[{"components":', "}]", n).replace("}]", "[]}]")),
  },
  { reader: "foreign", name: "small objects", of: (n) => document(`[${times("{},", n)}{}]`) },
  { reader: "foreign", name: "repeated keys", of: (n) => `{${times('"a":1,', n)}"bomFormat":"CycloneDX"}` },
  { reader: "foreign", name: "bare numbers", of: (n) => document(`[${times("NaN,", n)}1]`) },
  { reader: "foreign", name: "spaces", of: (n) => times(" ", n) },
  {
    reader: "foreign",
    name: "samples",
    of: (n) =>
      lines(
        n / 90,
        (i) => `{"doc_id":${i},"filtered_resps":["a"],"target":"a","acc":1,"doc":{"k":"v${i % 5}"}}`,
      ),
  },
];
