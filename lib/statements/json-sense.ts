import type { SenseFault } from "./sense-fault";

/** A string, a bracket or a comma of a JSON text; what lies between is numbers and words. */
const TOKEN = /"[^"\\]*(?:\\.[^"\\]*)*"|[{}[\],:]/g;
const HIDDEN = /[\0\p{Surrogate}\p{Bidi_Control}]/u;
/** Words of people, in which marks of direction belong to the writing; what turns the text around does not. */
const PROSE = new Set(["body", "reason"]);
const HIDDEN_IN_PROSE = /[\0\p{Surrogate}\u202A-\u202E\u2066-\u2069]/u;

/**
 * What is wrong with a JSON text before anything is read from it: a name that stands twice in one object, two that
 * differ only in case, or text with half characters, NUL or controls of direction. Two programs would read such a text
 * in two ways, or a person would see another. Only for texts that parse. One pass.
 */
export function jsonFaultOf(text: string): SenseFault | null {
  const open: { names: Set<string>; folded: Set<string>; name: string }[] = [];
  const tokens = [...text.matchAll(TOKEN)].map(([token]) => token);
  for (const [at, token] of tokens.entries()) {
    const object = open.at(-1);
    if (token === "{" || token === "[") open.push({ names: new Set(), folded: new Set(), name: "" });
    else if (token === "}" || token === "]") open.pop();
    else if (token.startsWith('"')) {
      const said = JSON.parse(token) as string;
      const isName = tokens[at + 1] === ":";
      const hidden = !isName && PROSE.has(object?.name ?? "") ? HIDDEN_IN_PROSE : HIDDEN;
      if (hidden.test(said)) return "text_hidden";
      if (!isName || !object) continue;
      if (object.names.has(said)) return "name_repeated";
      if (object.folded.has(said.toLowerCase())) return "name_case";
      object.names.add(said);
      object.folded.add(said.toLowerCase());
      object.name = said;
    }
  }
  return null;
}
