import { globSync, readFileSync } from "node:fs";
import ts from "typescript";
import { expect, test } from "vitest";
import { domains } from "./domains.mjs";

type Place = { code: string; domain: string };

const isOfTests = (file: string) => /\.(test|fixture|drill|bench)\.tsx?$/.test(file);
const domainOf = (file: string) => /^lib\/(\w+)\//.exec(file)?.[1] ?? "app";

function literalsIn(node: ts.Node): string[] {
  const own = ts.isStringLiteral(node) ? [node.text] : [];
  return [...own, ...node.getChildren().flatMap(literalsIn)];
}

/** The expression that gives a refusal its code; undefined where the node refuses nothing. */
function codeArgument(node: ts.Node): ts.Node | undefined {
  const isCall = ts.isCallExpression(node) || ts.isNewExpression(node);
  const name = isCall && ts.isIdentifier(node.expression) ? node.expression.text : "";
  if (!isCall) return undefined;
  return name === "DomainError"
    ? node.arguments?.[0]
    : name === "refuseUnless"
      ? node.arguments?.[1]
      : undefined;
}

function codesIn(file: string, node: ts.Node, isDeclared: boolean): Place[] {
  const found = isDeclared ? (ts.isTypeAliasDeclaration(node) ? node : undefined) : codeArgument(node);
  const own = found ? literalsIn(found).map((code) => ({ code, domain: domainOf(file) })) : [];
  return [...own, ...node.getChildren().flatMap((child) => codesIn(file, child, isDeclared))];
}

function codesOf(pattern: string, isDeclared: boolean): Place[] {
  return globSync(pattern)
    .filter((file) => !isOfTests(file))
    .flatMap((file) => {
      const source = ts.createSourceFile(file, readFileSync(file, "utf8"), ts.ScriptTarget.Latest, true);
      return codesIn(file, source, isDeclared);
    });
}

const declared = codesOf("lib/*/refusals.ts", true);
const thrown = codesOf("{lib,app}/**/*.{ts,tsx}", false);

test("every code is declared by one domain, and every declared code refuses something", () => {
  const codes = declared.map(({ code }) => code);
  expect(codes.length).toBeGreaterThan(100);
  expect(codes.filter((code, at) => codes.indexOf(code) !== at)).toEqual([]);
  const used = new Set(thrown.map(({ code }) => code));
  expect(codes.filter((code) => !used.has(code))).toEqual([]);
});

test("a domain refuses with its own codes and those of the domains it may import", () => {
  const ownerOf = new Map(declared.map(({ code, domain }) => [code, domain]));
  const foreign = thrown.filter(({ code, domain }) => {
    const owner = ownerOf.get(code);
    return owner === undefined || (domain !== "app" && domains.indexOf(owner) > domains.indexOf(domain));
  });
  expect(foreign).toEqual([]);
});
