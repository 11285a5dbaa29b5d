/** Splits a README into front matter and body, and finds the parts of the body a listing uses. */

export type SplitCard = { frontMatter: string | null; body: string; isUnclosed: boolean };

type Line = { text: string; heading: { level: number; title: string } | null; isCode: boolean };

const LIMITATION_HEADING = /limitation|\bbias|\brisk|out[- ]of[- ]scope|known issue|caveat|weakness|failure/i;
const PLACEHOLDER = /^\s*\[?\s*more information needed\s*\]?\.?\s*$/i;
const SUMMARY_CHARACTERS = 500;

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

/** Title: the first heading of level one. Null when there is none. */
export function findTitle(body: string): string | null {
  const heading = linesOf(withoutComments(body)).find((line) => line.heading?.level === 1)?.heading;
  return heading ? plainText(heading.title).slice(0, 200) || null : null;
}

/** The first paragraph of prose: no heading, image, list, table, quotation, code or HTML. */
export function findSummary(body: string): string | null {
  const paragraph: string[] = [];
  for (const { text, heading, isCode } of linesOf(withoutComments(body))) {
    const isProse =
      !isCode &&
      !heading &&
      !/^\s*([-*+>|<]|\d+[.)]\s|!\[|\[!\[|={3,})/.test(text) &&
      !PLACEHOLDER.test(text);
    if (isProse && text.trim() !== "") paragraph.push(text.trim());
    else if (paragraph.length > 0) break;
  }
  const summary = plainText(paragraph.join(" "));
  if (summary === "") return null;
  if (summary.length <= SUMMARY_CHARACTERS) return summary;
  const cut = summary.slice(0, SUMMARY_CHARACTERS);
  return `${cut.slice(0, Math.max(cut.lastIndexOf(" "), SUMMARY_CHARACTERS - 60)).trimEnd()}…`;
}

/** Everything under headings about limits, bias, risks or misuse, with those headings; null when there is nothing. */
export function findLimitations(body: string): string | null {
  const found: string[] = [];
  let insideLevel: number | null = null;
  let hasProse = false;
  for (const { text, heading } of linesOf(withoutComments(body))) {
    if (heading && (insideLevel === null || heading.level <= insideLevel)) {
      insideLevel = LIMITATION_HEADING.test(heading.title) ? heading.level : null;
    }
    if (insideLevel === null || PLACEHOLDER.test(text)) continue;
    if (!heading && text.trim() !== "") hasProse = true;
    found.push(text);
  }
  return hasProse ? found.join("\n").trim() : null;
}

function linesOf(body: string): Line[] {
  let fence: string | null = null;
  return body.split("\n").map((text): Line => {
    const mark = /^ {0,3}(`{3,}|~{3,})/.exec(text)?.[1];
    if (fence !== null) {
      if (mark?.startsWith(fence)) fence = null;
      return { text, heading: null, isCode: true };
    }
    if (mark) {
      fence = mark;
      return { text, heading: null, isCode: true };
    }
    const heading = /^ {0,3}(#{1,6})[ \t]+(\S.*)$/.exec(text);
    const title = heading?.[2]?.replace(/[ \t]#+[ \t]*$/, "") ?? "";
    return { text, heading: heading ? { level: heading[1]?.length ?? 1, title } : null, isCode: false };
  });
}

/** Words of a line of Markdown without its links, images, emphasis and HTML. */
function plainText(markdown: string): string {
  return markdown
    .replace(/!\[[^\]]{0,500}\]\([^)]{0,2000}\)/g, "")
    .replace(/\[([^\]]{0,500})\]\([^)]{0,2000}\)/g, "$1")
    .replace(/<[^<>]{0,500}>/g, "")
    .replace(/(\*\*|__|`)/g, "")
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
