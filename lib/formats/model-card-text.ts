import MarkdownIt, { type Token } from "markdown-it";

/** Splits a README into front matter and body, and finds the parts of the body a listing uses. */

export type SplitCard = { frontMatter: string | null; body: string; isUnclosed: boolean };

export type CardText = {
  /** The first heading of level one. */
  title: string | null;
  /** The first paragraph of prose: no heading, image, list, table, quotation, code or HTML. */
  summary: string | null;
  /** Everything under headings about limits, bias, risks or misuse, with those headings. */
  limitations: string | null;
};

/** A block of the body that stands in no list and no quotation, with its lines from `start` up to `end`. */
type Block = { kind: string; level: number; words: string; start: number; end: number };

const LIMITATION_HEADING = /limitation|\bbias|\brisk|out[- ]of[- ]scope|known issue|caveat|weakness|failure/i;
const PLACEHOLDER = /^\s*\[?\s*more information needed\s*\]?\.?\s*$/i;
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
  return {
    title: titleOf(blocks),
    summary: summaryOf(blocks),
    limitations: limitationsOf(blocks, body.split("\n")),
  };
}

function titleOf(blocks: readonly Block[]): string | null {
  const heading = blocks.find(({ kind, level }) => kind === "heading" && level === 1);
  return heading ? plainText(heading.words).slice(0, 200) || null : null;
}

function summaryOf(blocks: readonly Block[]): string | null {
  const summary = blocks
    .filter(({ kind, words }) => kind === "paragraph" && !PLACEHOLDER.test(words))
    .map(({ words }) => plainText(words))
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
  return withoutComments(own.filter((line) => !PLACEHOLDER.test(line)).join("\n"));
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
