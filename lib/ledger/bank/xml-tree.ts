import sax from "sax";
import { DomainError } from "@/lib/shared/domain-error";
import { unreadable } from "./movement";

/** An element without its namespace's prefix; `text` is what stands directly in it, trimmed. */
export type Element = {
  name: string;
  namespace: string;
  attributes: Record<string, string>;
  children: Element[];
  text: string;
  line: number;
};

const MAX_DEPTH = 32;
const MAX_ELEMENTS = 300_000;

/**
 * Reads XML as a tree: well-formed, at most 32 deep and 300,000 elements, and without a document type, so that there are
 * no entities but the five of XML. Throws `statement_unreadable`.
 */
export function readXml(text: string): Element {
  const parser = sax.parser(true, { xmlns: true });
  const path: Element[] = [];
  let root: Element | undefined;
  let count = 0;
  const line = () => parser.line + 1;
  parser.ondoctype = () => {
    throw unreadable(line(), "A statement has no document type (DOCTYPE).");
  };
  parser.onerror = () => {
    throw unreadable(line(), "This is not well-formed XML.");
  };
  parser.onopentag = (tag) => {
    const { local, uri, attributes } = tag as sax.QualifiedTag;
    const values = Object.values(attributes).map((one) => [one.name, one.value] as const);
    const element: Element = {
      ...{ name: local, namespace: uri, attributes: Object.fromEntries(values) },
      ...{ children: [], text: "", line: line() },
    };
    if (++count > MAX_ELEMENTS || path.length >= MAX_DEPTH)
      throw unreadable(line(), "This has more or deeper elements than a statement.");
    if (root && path.length === 0) throw unreadable(line(), "There is more than one document here.");
    path.at(-1)?.children.push(element);
    root ??= element;
    path.push(element);
  };
  const append = (written: string) => {
    const element = path.at(-1);
    if (element) element.text += written;
  };
  parser.ontext = append;
  parser.oncdata = append;
  parser.onclosetag = () => {
    const element = path.pop();
    if (element) element.text = element.text.trim();
  };
  parser.write(text).close();
  if (!root) throw new DomainError("statement_unreadable", "This is not XML.");
  return root;
}

export function childrenOf(element: Element | undefined, name: string): Element[] {
  return element?.children.filter((child) => child.name === name) ?? [];
}

/** The first element at the end of a path of names. */
export function at(element: Element | undefined, ...path: string[]): Element | undefined {
  return path.reduce<Element | undefined>((found, name) => childrenOf(found, name)[0], element);
}

/** The text at the end of a path; undefined where there is none, or it is empty. */
export function textAt(element: Element | undefined, ...path: string[]): string | undefined {
  return at(element, ...path)?.text || undefined;
}

/** Every text of these names, anywhere below. */
export function textsBelow(element: Element, names: readonly string[]): string[] {
  const own = names.includes(element.name) && element.text ? [element.text] : [];
  return [...own, ...element.children.flatMap((child) => textsBelow(child, names))];
}

/** The element as text that no formatting changes. */
export function canonical({ name, attributes, children, text }: Element): string {
  return JSON.stringify([name, Object.entries(attributes), text, children.map(canonical)]);
}
