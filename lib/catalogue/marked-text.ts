import MarkdownIt, { type Token } from "markdown-it";
import { z } from "zod";
import { isSafeLink } from "@/lib/shared/safe-link";

export const DESCRIPTION_MAX_CHARACTERS = 20_000;
export const MARKED_MAX_DEPTH = 20;
export const MARKED_MAX_NODES = 2_000;

/** Raised whenever the same words would give other nodes: what was read before is then read anew by a clock. */
export const MARKED_TEXT_VERSION = 1;

const plainTags = [
  "p",
  "h3",
  "h4",
  "h5",
  "h6",
  "em",
  "strong",
  "code",
  "pre",
  "ul",
  "li",
  "blockquote",
] as const;
export type MarkedNode =
  | string
  | { tag: (typeof plainTags)[number]; children: MarkedNode[] }
  | { tag: "ol"; start: number; children: MarkedNode[] }
  /** Only where `isSafeLink` holds. */
  | { tag: "a"; href: string; children: MarkedNode[] }
  | { tag: "hr" | "br" };

/** Words as they were read, with the version that read them. */
export type MarkedText = { source: string; version: number; nodes: MarkedNode[] };

/** What may be kept and shown, whoever says that it was read. */
export const markedNodesSchema: z.ZodType<MarkedNode[]> = z.array(z.lazy(() => markedNodeSchema));
const children = markedNodesSchema;
const markedNodeSchema: z.ZodType<MarkedNode> = z.union([
  z.string(),
  z.strictObject({ tag: z.enum(plainTags), children }),
  z.strictObject({ tag: z.literal("ol"), start: z.int().nonnegative(), children }),
  z.strictObject({ tag: z.literal("a"), href: z.string().refine(isSafeLink), children }),
  z.strictObject({ tag: z.enum(["hr", "br"]) }),
]);

export type ReadMarkedText = { nodes: MarkedNode[] } | { refusal: string };

// HTML is shown as the text it is. The library leaves out what nests deeper than this; we refuse it long before.
const markdown = new MarkdownIt("commonmark", { html: false, maxNesting: 3 * MARKED_MAX_DEPTH });
markdown.validateLink = isSafeLink;

/** Elements of the library and what they are here; a page has its own first two levels of headings. */
const tags: Record<string, (typeof plainTags)[number]> = {
  ...Object.fromEntries(plainTags.map((tag) => [tag, tag])),
  h1: "h3",
  h2: "h3",
  h3: "h4",
  h4: "h4",
};

/**
 * Reads CommonMark as a tree of at most 2,000 nodes, 20 deep, that holds no HTML and loads nothing: an image is its
 * words. Says in a sentence why it cannot. Longer words than 20,000 characters are not looked at.
 */
export function readMarkedText(source: string): ReadMarkedText {
  if (source.length > DESCRIPTION_MAX_CHARACTERS)
    return { refusal: `It has more than ${DESCRIPTION_MAX_CHARACTERS.toLocaleString("en")} characters.` };
  const tree = new Tree();
  const refusal = tree.grow(markdown.parse(source, {}));
  return refusal === null ? { nodes: tree.nodes } : { refusal };
}

class Tree {
  readonly nodes: MarkedNode[] = [];
  /** The children that are being filled, innermost last; null where an element has no place here. */
  private readonly open: (MarkedNode[] | null)[] = [];
  private depth = 0;
  private count = 0;

  /** Adds what the tokens say; a sentence where that is more than may be. */
  grow(tokens: readonly Token[]): string | null {
    for (const token of tokens) {
      if (token.nesting === -1) this.close(token);
      else if (token.nesting === 1) this.enter(token);
      else if (token.type === "inline") {
        const refusal = this.grow(token.children ?? []);
        if (refusal !== null) return refusal;
      } else this.add(nodeOf(token));
      if (this.depth > MARKED_MAX_DEPTH)
        return `It nests lists, quotations or emphasis more than ${MARKED_MAX_DEPTH} deep.`;
      if (this.count > MARKED_MAX_NODES)
        return `It has more than ${MARKED_MAX_NODES.toLocaleString("en")} pieces of formatting.`;
    }
    return null;
  }

  private enter(token: Token): void {
    const children: MarkedNode[] = [];
    // The paragraphs of a list without blank lines are not shown as such.
    this.open.push(token.hidden ? null : children);
    if (token.hidden) return;
    if (token.tag !== "li") this.depth += 1;
    const { tag } = token;
    if (tag === "a") this.addTo(-2, { tag, href: String(token.attrGet("href") ?? ""), children });
    else if (tag === "ol") this.addTo(-2, { tag, start: Number(token.attrGet("start") ?? 1), children });
    else this.addTo(-2, { tag: tags[tag] ?? "p", children });
  }

  private close({ tag }: Token): void {
    const closed = this.open.pop();
    if (closed && tag !== "li") this.depth -= 1;
  }

  private add(node: MarkedNode): void {
    if (node !== "") this.addTo(-1, node);
  }

  /** Into the innermost open element, counted from the end, that is shown. */
  private addTo(place: -1 | -2, node: MarkedNode): void {
    const within = place === -1 ? this.open : this.open.slice(0, -1);
    const siblings = within.findLast((children) => children !== null) ?? this.nodes;
    const last = siblings.at(-1);
    if (typeof node === "string" && typeof last === "string") {
      siblings[siblings.length - 1] = last + node;
      return;
    }
    siblings.push(node);
    this.count += 1;
  }
}

function nodeOf({ type, content, children }: Token): MarkedNode {
  if (type === "hr") return { tag: "hr" };
  if (type === "hardbreak") return { tag: "br" };
  if (type === "softbreak") return "\n";
  if (type === "code_inline") return { tag: "code", children: [content] };
  if (type === "fence" || type === "code_block")
    return { tag: "pre", children: [{ tag: "code", children: [content] }] };
  if (type === "image") {
    const words = (children ?? []).map((token) => token.content).join("");
    return words === "" ? "[image]" : `[image: ${words}]`;
  }
  return content;
}
