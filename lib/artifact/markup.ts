/** Elements with which a browser takes a text for a page; Markdown opens with others, such as `<p>` or `<img>`. */
const PAGE = new Set(
  "html head body title script style iframe frame frameset object embed link meta base form math template applet".split(
    " ",
  ),
);
const SVG_NAMESPACE = "http://www.w3.org/2000/svg";

/**
 * What of a text's beginning makes it a web page, a drawing or XML, in words; null for other text. Byte order mark,
 * space and comments before it hide nothing, and neither does a prefix of one's own for SVG's namespace.
 */
export function markupOf(text: string): string | null {
  const rest = withoutPrelude(text);
  const isSvg = rest.includes(SVG_NAMESPACE) || /^<(?:!doctype\s+|[\w.-]+:)?svg\b/i.test(rest);
  if (/^<\?xml\b/i.test(rest)) return isSvg ? "an SVG drawing" : "an XML document";
  const tag = /^<(!doctype\b|[a-z][\w.:-]*)/i.exec(rest)?.[1]?.toLowerCase();
  if (!tag) return null;
  if (isSvg) return "an SVG drawing";
  return tag === "!doctype" || PAGE.has(tag.replace(/^.*:/, "")) ? "a web page (HTML)" : null;
}

/** From the first thing that is no space, byte order mark or comment; a browser ends a comment at `-->` or `--!>`. */
function withoutPrelude(text: string): string {
  let rest = text;
  for (;;) {
    rest = rest.replace(/^[\s\uFEFF]+/, "");
    const comment = /^<!--(?:>|->|.*?--!?>)/s.exec(rest);
    if (!comment) return rest;
    rest = rest.slice(comment[0].length);
  }
}
