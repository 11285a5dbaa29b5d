import fc from "fast-check";
import { expect, test } from "vitest";
import { draftOfCard } from "./card-to-draft";
import { importHfModelCard } from "./hf-model-card";
import { readModelCard } from "./model-card";
import { readStatedValue } from "./stated-value";

const CARD = `---
language: [en, pt-br, multilingual, Klingon]
license: other
license_name: reading-room
license_link: LICENSE.md
library_name: onnx
pipeline_tag: text-classification
base_model: acme/reader-base
datasets: acme/letters
metrics:
  - accuracy
  - f1
tags: [mail, spam, mail]
thumbnail: https://example.test/a.png
extra_gated_prompt: Please agree.
model-index:
  - name: reader
    results:
      - task: { type: text-classification }
        dataset: { type: acme/letters, name: Letters, config: plain }
        metrics: [{ type: accuracy, value: "20.0 ± 1.2" }]
      - task: { type: text-classification, name: Sorting }
        dataset: { type: acme/letters, name: Letters, config: html, split: test }
        metrics: [{ type: accuracy, value: 0.66, verified: true }, { type: f1, value: 61.5% }]
        source: { url: "https://example.test/report", name: Report }
      - task: { type: text-classification }
        metrics: [{ type: accuracy, value: 1 }]
---

<!-- a note
# Not a title -->

# Reader of **letters**

![badge](https://example.test/b.svg)

It sorts [letters](https://example.test) by their tone.
It does so quickly.

## Bias, Risks, and Limitations

[More Information Needed]

Fails on HTML.

### Details

Long letters too.

\`\`\`
# not a heading
\`\`\`

## Training

Trained on letters.
`;

test("the fields of a card are mapped", () => {
  const { fields } = readModelCard(CARD);
  expect(fields).toMatchObject({
    title: "Reader of letters",
    summary: "It sorts letters by their tone. It does so quickly.",
    task: "text-classification",
    languages: ["en", "pt-BR", "mul"],
    licence: "other",
    licenceName: "reading-room",
    licenceLink: "LICENSE.md",
    baseModels: ["acme/reader-base"],
    datasets: ["acme/letters"],
    metrics: ["accuracy", "f1"],
    tags: ["mail", "spam"],
    libraryName: "onnx",
  });
});

test("results on one data set with different configs stay separate, values as numbers or as text", () => {
  const { results } = readModelCard(CARD).fields;
  expect(
    results.map(({ dataset, metric, value, plusMinus, isPercent }) => [
      dataset.config,
      metric.type,
      value,
      plusMinus,
      isPercent,
    ]),
  ).toEqual([
    ["plain", "accuracy", 20, 1.2, false],
    ["html", "accuracy", 0.66, null, false],
    ["html", "f1", 61.5, null, true],
  ]);
  expect(results[1]?.source).toEqual({ url: "https://example.test/report", name: "Report" });
});

test("what has no place is listed with its path and value: nothing is lost", () => {
  const { notMapped, warnings } = readModelCard(CARD);
  expect(notMapped.map(({ path }) => path)).toEqual([
    "language",
    "thumbnail",
    "extra_gated_prompt",
    "model-index[0].results[1].metrics[0].verified",
    "model-index[0].results[2]",
  ]);
  expect(notMapped[1]?.value).toBe("https://example.test/a.png");
  expect(warnings).toEqual([
    "A result was left out, because its data set is missing: model-index[0].results[2].",
  ]);
});

test("sections about limits are taken with their subsections, without placeholders", () => {
  expect(readModelCard(CARD).limitations).toBe(
    "## Bias, Risks, and Limitations\n\n\nFails on HTML.\n\n### Details\n\nLong letters too.\n\n```\n# not a heading\n```",
  );
  expect(readModelCard("# x\n## Limitations\n[More Information Needed]\n").limitations).toBeNull();
});

test("a heading may be underlined, and is none inside a fence, an indented block, a comment or a quotation", () => {
  const { fields, limitations } = readModelCard(`<!--
# Commented out

## Limitations

Nothing.
-->

~~~md
# In a fence

## Limitations

\`\`\`
still the fence
~~~

    # Indented

> # Quoted

- \`\`\`
  # In the fence of a list
  \`\`\`

Reader of
*letters*
===

First ![icon](i.png) words, [linked](x)<!-- not these --> and \`coded\`.

Known issues
---

Fails on HTML.

\`\`\`
## Not the next section
\`\`\`

#### Deeper #

<!-- unsaid -->
Long letters.

Training
--------

Trained on letters.
`);
  expect(fields.title).toBe("Reader of letters");
  expect(fields.summary).toBe("First words, linked and coded.");
  expect(limitations).toBe(
    "Known issues\n---\n\nFails on HTML.\n\n```\n## Not the next section\n```\n\n#### Deeper #\n\nLong letters.",
  );
});

test("a card made to keep a reader busy is read in time that grows with its length", () => {
  const kinds = [">", "- ", "a\n=\n", "[", "[a](", "*a_", "<!--", "`", "- a\n", "| a |\n|-|\n", "[a]: b\n"];
  for (const kind of kinds) readModelCard(kind.repeat(Math.ceil(200_000 / kind.length)));
});

test("line ends of any kind and a byte order mark give the same card", () => {
  const card = readModelCard(CARD);
  expect(readModelCard(CARD.replaceAll("\n", "\r\n"))).toEqual(card);
  expect(readModelCard(`\uFEFF${CARD}`)).toEqual(card);
});

test("a card without front matter keeps its text", () => {
  const { fields, notMapped, warnings } = readModelCard("# Plain\n\nJust words.\n");
  expect(fields).toMatchObject({ title: "Plain", summary: "Just words.", languages: [], licence: null });
  expect([notMapped, warnings]).toEqual([[], []]);
});

test("front matter that is not YAML is kept whole and named by its line", () => {
  const { fields, notMapped, warnings } = readModelCard("---\nlicense: mit\n\tbad: [\n---\n# Still here\n");
  expect(fields.title).toBe("Still here");
  expect(notMapped[0]?.value).toContain("license: mit");
  expect(warnings[0]).toMatch(/not YAML \(line \d+ of the card\)/);
  expect(readModelCard("---\nlicense: mit\n# Open").warnings[0]).toContain("never closed");
});

test("Norwegian is a language and not a false", () => {
  expect(readModelCard("---\nlanguage: no\n---\n").fields.languages).toEqual(["no"]);
});

test("an unknown task is listed; without one a tag may give it, with a warning", () => {
  const unknown = readModelCard("---\npipeline_tag: mind-reading\n---\n");
  expect(unknown.fields.task).toBeNull();
  expect(unknown.notMapped).toEqual([
    { path: "pipeline_tag", value: "mind-reading", reason: "It is not among the tasks known here." },
  ]);
  const implied = readModelCard("---\ntags: [onnx, image-classification]\n---\n");
  expect(implied.fields.task).toBe("image-classification");
  expect(implied.warnings[0]).toContain("was taken from the tags");
});

test("aliases that multiply, custom tags and deep nesting do no harm", () => {
  const bomb = [
    "a: &a [x,x,x,x,x,x,x,x,x]",
    ..."bcdefghi".split("").map((key, index) => `${key}: &${key} [${`*${"abcdefgh"[index]},`.repeat(9)}]`),
  ].join("\n");
  expect(readModelCard(`---\n${bomb}\n---\n# Safe`)).toMatchObject({
    fields: { title: "Safe" },
    warnings: ["The front matter repeats itself by more than 50 aliases, so it was not read."],
  });
  const tagged = readModelCard(
    '---\nlicense: !!js/function "function(){}"\n__proto__: { polluted: true }\n---\n',
  );
  expect(tagged.fields.licence).toBe("function(){}");
  expect(({} as Record<string, unknown>)["polluted"]).toBeUndefined();
  expect(readModelCard(`---\na: ${"[".repeat(20_000)}\n---\n# Deep`).fields.title).toBe("Deep");
});

test.each([
  ["20.0 ± 1.2", 20, 1.2, false],
  ["91.5%", 91.5, null, true],
  ["1e-3 +/- 0.5", 0.001, 0.5, false],
  ["-0.5", -0.5, null, false],
  ["about 90", null, null, false],
  ["Infinity", null, null, false],
])("reads the value %j", (text, value, plusMinus, isPercent) => {
  expect(readStatedValue(text)).toEqual({ value, plusMinus, isPercent, valueText: text });
});

test("nothing makes it throw, and every key of the front matter is mapped or listed", () => {
  const pieces = fc.constantFrom(
    "---\n",
    "---",
    "\n",
    "\r\n",
    "license: mit\n",
    "language: ",
    "model-index:\n",
    "  - name: x\n",
    "    results: [",
    "]",
    "{",
    "}",
    "&a ",
    "*a",
    "!!binary ",
    "? ",
    ": ",
    "- ",
    "|\n",
    ">\n",
    "# T\n",
    "## Limitations\n",
    "```\n",
    "<!--",
    "-->",
    "\0",
    "\ud800",
    "é",
    "<<: *a\n",
    "tags: [a, 1, null, {b: c}]\n",
  );
  const assembled = fc.array(pieces, { maxLength: 60 }).map((parts) => `---\n${parts.join("")}`);
  fc.assert(
    fc.property(fc.oneof(fc.string({ unit: "binary", maxLength: 300 }), assembled), (source) => {
      const card = readModelCard(source);
      expect(JSON.stringify(card)).not.toContain("\\u0000");
    }),
    { numRuns: 300 },
  );
  const value = fc.oneof(
    fc.constant("text"),
    fc.integer(),
    fc.boolean(),
    fc.constant(null),
    fc.array(fc.constant("x")),
    fc.constant({ a: 1 }),
  );
  const metadata = fc.dictionary(
    fc.constantFrom("license", "tags", "widget", "co2", "pipeline_tag", "model-index", "inference"),
    value,
  );
  fc.assert(
    fc.property(metadata, (given) => {
      const { fields, notMapped } = readModelCard(`---\n${JSON.stringify(given)}\n---\n`);
      for (const key of ["widget", "co2", "inference"]) {
        if (key in given) expect(notMapped.map(({ path }) => path)).toContain(key);
      }
      if (typeof given["license"] === "number") expect(fields.licence).toBe(String(given["license"]));
    }),
    { numRuns: 300 },
  );
});

test.each([
  [
    "an HTML heading before all others",
    '<div align="center">\n<h1>Desk <em>Sorter</em> 3</h1>\n</div>\n\n# Usage\n',
    "Desk Sorter 3",
  ],
  [
    "the first heading that names more than a section",
    "# Model description\n\n# ![logo](a.png)\n\n# Leaf namer\n",
    "Leaf namer",
  ],
  ["none, where only sections have headings", "# Usage\n\ntext\n\n# Training:\n", null],
  ["none, where an HTML heading is never closed", '<h1 class="a">Open\n\ntext\n', null],
  ["no heading of HTML inside a fence", "```html\n<h1>Shown</h1>\n```\n\n# Real\n", "Real"],
])("its title is %s", (_, body, title) => {
  expect(readModelCard(`---\nlicense: mit\n---\n${body}`).fields.title).toBe(title);
});

test("what a template holds for every model is no title, no summary and no limitation", () => {
  const template = [
    "# Model Card for Model ID",
    "<!-- A quick summary. -->",
    "This is the model card of a \u{1F917} transformers model that has been pushed on the Hub. This model card has been automatically generated.",
    "- **Developed by:** [More Information Needed]",
    "## Bias, Risks, and Limitations",
    "[More Information Needed]",
    "- **Known bias:** [More Information Needed]",
    "[TODO: examples of latent issues]",
    "### Recommendations",
    "Users (both direct and downstream) should be made aware of the risks, biases and limitations of the model. More information needed for further recommendations.",
  ];
  const empty = readModelCard(template.join("\n\n"));
  expect([empty.fields.title, empty.fields.summary, empty.limitations]).toEqual([null, null, null]);
  const filled = readModelCard([...template, "It fails on verse.", "## Use", "Names leaves."].join("\n\n"));
  expect(filled.fields.summary).toBe("It fails on verse.");
  expect(filled.limitations).toContain("It fails on verse.");
  expect(filled.limitations).not.toMatch(/made aware|More Information/);
});

test("a stated task that is not known here is left open, whatever the tags say", () => {
  const { fields, notMapped, warnings } = readModelCard(
    "---\npipeline_tag: image-to-3d\ntags: [onnx, text-generation]\n---\n",
  );
  expect([fields.task, warnings]).toEqual([null, []]);
  expect(notMapped).toContainEqual({
    path: "pipeline_tag",
    value: "image-to-3d",
    reason: "It is not among the tasks known here.",
  });
});

test("numbers are read as they are written: revisions and versions keep every digit", () => {
  const result = (value: string) =>
    `  - task: {type: a}\n    dataset: {type: d, name: D, config: 2.50, revision: 31e9021}\n    metrics: [{type: accuracy, value: ${value}}]\n`;
  const card = readModelCard(
    `---\nmodel-index:\n- name: m\n  results:\n${result("0.80")}${result(".75")}---\n`,
  );
  expect(
    card.fields.results.map(({ dataset, value, valueText }) => [
      dataset.config,
      dataset.revision,
      value,
      valueText,
    ]),
  ).toEqual([
    ["2.50", "31e9021", 0.8, "0.80"],
    ["2.50", "31e9021", 0.75, ".75"],
  ]);
});

test.each([
  ["93,25", 93.25, null, false],
  ["0,875", 0.875, null, false],
  ["88,1 %", 88.1, null, true],
  ["0.84 (0.01)", 0.84, null, false],
  ["84.1 (1.2) %", 84.1, null, true],
  ["0.8 +/- 0,02", 0.8, 0.02, false],
  ["12,345", null, null, false],
  ["1_000", null, null, false],
  ["0.9-0.95", null, null, false],
])("a figure written as %s is read where it can only be one number", (text, value, plusMinus, isPercent) => {
  expect(readStatedValue(text)).toEqual({ value, plusMinus, isPercent, valueText: text });
});

test.each([
  ["data set", "task_categories: [text-classification]", "# Mails"],
  ["data set", "size_categories: [n<1K]", ""],
  ["data set", "language: de", "# Dataset Card for Mails"],
  ["Space", "sdk: gradio\napp_file: app.py", "# Demo"],
])("the card of a %s is no model's, and fills nothing", (isAbout, frontMatter, body) => {
  const source = `---\n${frontMatter}\n---\n${body}\n`;
  expect(readModelCard(source).isAbout).toBe(isAbout);
  expect(draftOfCard(source)).toMatchObject({
    fields: {},
    notMapped: [{ path: "card", reason: `This is a ${isAbout}'s card, not a model's.` }],
  });
  expect(importHfModelCard("README.md", source).traps).toEqual([
    { code: "not_readable", message: `This is a ${isAbout}'s card, not a model's.` },
  ]);
  expect(readModelCard(`---\npipeline_tag: text-classification\n${frontMatter}\n---\n`).isAbout).toBeNull();
});
