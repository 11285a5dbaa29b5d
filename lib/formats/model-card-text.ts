import MarkdownIt, { type Token } from "markdown-it";

/** Splits a README into front matter and body, and finds the parts of the body a listing uses. */

export type SplitCard = { frontMatter: string | null; body: string; isUnclosed: boolean };

export type CardText = {
  /** The first heading of level one, in Markdown or HTML, that names anything. */
  title: string | null;
  /** The first paragraph of prose: no heading, image, list, table, quotation, code or HTML. */
  summary: string | null;
  /** Everything under headings about limits, bias, risks or misuse, with those headings. */
  limitations: string | null;
};

/** A block of the body that stands in no list and no quotation, with its lines from `start` up to `end`. */
type Block = { kind: string; level: number; words: string; start: number; end: number };

const LIMITATION_HEADING = /limitation|\bbias|\brisk|out[- ]of[- ]scope|known issue|caveat|weakness|failure/i;
/** A line of a template that nobody filled in, also behind the name of what is missing. */
const PLACEHOLDER =
  /^[\s>*-]{0,20}(?:\*\*[^*\n]{1,100}\*\*\s?:?\s{0,5})?(?:\[?\s{0,5}more information needed\s{0,5}\]?|\[\s{0,5}(?:todo|optional)\b[^\]\n]{0,200}\])\.?\s{0,20}$/i;
/** Sentences that the templates of the Hub hold for every model. */
const BOILERPLATE =
  /This is the model card of a (?:🤗 )?transformers model that has been pushed on the Hub\.|This model card has been automatically generated\.|This model ?card aims to be a base template for new models\.(?: It has been generated using \[this raw template\]\([^)\n]{0,300}\)\.)?|Users \(both direct and downstream\) should be made aware of the risks, biases and (?:technical )?limitations of the (?:model|dataset)\.|More information (?:is )?needed for further recommendations\./gi;
/** Headings that name a section of any card. */
const SECTION_NAMES = new Set(
  (
    "model card|model card for model id|model id|model name|readme|usage|how to use|use|uses|quick start|quickstart|" +
    "getting started|introduction|overview|description|model description|model details|model summary|summary|about|" +
    "table of contents|contents|training|training details|evaluation|results|benchmarks|license|licence|citation|" +
    "limitations|acknowledgements|intended use|intended uses|intended uses & limitations|requirements|installation"
  ).split("|"),
);
const SUMMARY_CHARACTERS = 500;
/** More than this of a title or a summary is never shown, with all its links. */
const WORDS_CHARACTERS = 4_000;

/** Finds blocks in time that grows with the length of the card; words inside them are parsed only where needed. */
const markdown = new MarkdownIt("commonmark").enable("table");
markdown.core.ruler.disable(["inline", "text_join"]);

/** Front matter stands between a first line of `---` and the next one; CRLF and a byte order mark are all right. */
export function splitCard(text: string): SplitCard {
  const plain = text.replace(/^\uFEFF/, "").replace(/\r\n?/g, "\n");
  const opening = /^---[ \t]*\n/.exec(plain);
  if (!opening) return { frontMatter: null, body: plain, isUnclosed: false };
  const start = opening[0].length;
  for (let at = start; at <= plain.length;) {
    const end = plain.indexOf("\n", at);
    const line = plain.slice(at, end === -1 ? plain.length : end);
    if (/^---[ \t]*$/.test(line)) {
      return {
        frontMatter: plain.slice(start, at),
        body: end === -1 ? "" : plain.slice(end + 1),
        isUnclosed: false,
      };
    }
    if (end === -1) break;
    at = end + 1;
  }
  return { frontMatter: null, body: plain, isUnclosed: true };
}

/** What a listing uses of a card's Markdown; each is null where the card has none of it. */
export function readCardText(body: string): CardText {
  const blocks = blocksOf(body);
  const lines = body.split("\n");
  return {
    title: titleOf(blocks, lines),
    summary: summaryOf(blocks),
    limitations: limitationsOf(blocks, lines),
  };
}

function titleOf(blocks: readonly Block[], lines: readonly string[]): string | null {
  for (const block of blocks) {
    const words =
      block.kind === "html_block"
        ? htmlHeading(lines.slice(block.start, block.end).join("\n"))
        : block.kind === "heading" && block.level === 1
          ? plainText(block.words)
          : "";
    const title = words.slice(0, 200);
    if (title !== "" && !namesSection(title)) return title;
  }
  return null;
}

/** Whether a heading names a section that any card could have, and no model. */
export function namesSection(heading: string): boolean {
  return SECTION_NAMES.has(heading.toLowerCase().replace(/[:.!\s]+$/, ""));
}

/** The words of the first heading of level one in HTML. */
function htmlHeading(html: string): string {
  const opened = /<h1\b[^<>]{0,500}>/i.exec(html.slice(0, WORDS_CHARACTERS));
  if (!opened) return "";
  const inside = html.slice(opened.index + opened[0].length, opened.index + WORDS_CHARACTERS);
  const end = inside.search(/<\/h1\s*>/i);
  return end === -1 ? "" : plainText(inside.slice(0, end));
}

function summaryOf(blocks: readonly Block[]): string | null {
  const summary = blocks
    .filter(({ kind, words }) => kind === "paragraph" && !PLACEHOLDER.test(words))
    .map(({ words }) => plainText(words.replace(BOILERPLATE, "")))
    .find((words) => words !== "");
  if (summary === undefined) return null;
  if (summary.length <= SUMMARY_CHARACTERS) return summary;
  const cut = summary.slice(0, SUMMARY_CHARACTERS);
  return `${cut.slice(0, Math.max(cut.lastIndexOf(" "), SUMMARY_CHARACTERS - 60)).trimEnd()}…`;
}

function limitationsOf(blocks: readonly Block[], lines: readonly string[]): string | null {
  const found: string[] = [];
  let insideLevel: number | null = null;
  let hasProse = false;
  let end = 0;
  for (const block of blocks) {
    const isHeading = block.kind === "heading";
    const between = lines.slice(end, block.start);
    end = block.end;
    if (insideLevel !== null) found.push(...between);
    if (isHeading && (insideLevel === null || block.level <= insideLevel)) {
      insideLevel = LIMITATION_HEADING.test(block.words) ? block.level : null;
    }
    if (insideLevel === null) continue;
    const text = textOf(block, lines);
    if (text.trim() === "") continue;
    hasProse ||= !isHeading;
    found.push(text);
  }
  return hasProse ? found.join("\n").trim() : null;
}

function blocksOf(body: string): Block[] {
  const tokens = markdown.parse(body, {});
  return tokens.flatMap(({ type, tag, level, map, nesting }, index) => {
    if (level !== 0 || map === null || nesting === -1) return [];
    const words = tokens[index + 1]?.type === "inline" ? (tokens[index + 1]?.content ?? "") : "";
    const kind = type.replace(/_open$/, "");
    return [
      { kind, level: kind === "heading" ? Number(tag.slice(1)) : 0, words, start: map[0], end: map[1] },
    ];
  });
}

function textOf({ kind, start, end }: Block, lines: readonly string[]): string {
  const own = lines.slice(start, end);
  if (kind === "fence" || kind === "code_block") return own.join("\n");
  const filled = own.filter((line) => !PLACEHOLDER.test(line)).join("\n");
  return withoutComments(filled).replace(BOILERPLATE, "");
}

/** The words of a piece of Markdown without its links, images, emphasis and HTML. */
function plainText(source: string): string {
  const tokens: Token[] = [];
  markdown.inline.parse(withoutComments(source.slice(0, WORDS_CHARACTERS)), markdown, {}, tokens);
  return tokens
    .map(({ type, content }) =>
      type === "text" || type === "code_inline" ? content : type.endsWith("break") ? " " : "",
    )
    .join("")
    .replace(/\s+/g, " ")
    .trim();
}

function withoutComments(body: string): string {
  const parts: string[] = [];
  let at = 0;
  for (;;) {
    const start = body.indexOf("<!--", at);
    const end = start === -1 ? -1 : body.indexOf("-->", start + 4);
    if (end === -1) break;
    parts.push(body.slice(at, start));
    at = end + 3;
  }
  return [...parts, body.slice(at)].join("");
}
