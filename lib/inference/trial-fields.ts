/** What the field of a form is called that asks for one of a model's fields. */
export const fieldName = (name: string): string => `field:${name}`;

const BEARER = "about:";

/** What the field is called that asks what only a visitor knows of an input, by the column that slices ask for. */
export const bearerField = (column: string): string => `${BEARER}${column}`;

/** What a form told of its input, by column; what was left open is not there. */
export function toldColumns(texts: Readonly<Record<string, string>>): Record<string, string> {
  const told = Object.entries(texts).filter(([name, text]) => name.startsWith(BEARER) && text.trim() !== "");
  return Object.fromEntries(told.map(([name, text]) => [name.slice(BEARER.length), text]));
}
