import { expect, test } from "vitest";
import { enrolCommandLineKeyInput } from "./schemas";

const request = { spki: "AAAA", proof: "BBBB", label: "Build machine" };
const pasted = (text: string) => enrolCommandLineKeyInput.safeParse({ request: text, accountPassword: "x" });

test("a request is read as it was printed, broken by a terminal, or with the lines around it", () => {
  const line = JSON.stringify(request);
  const broken = `${line.slice(0, 20)}\n${line.slice(20)}`;
  for (const text of [line, `  ${line}\n`, broken, `Paste this:\n${line}\n$ `])
    expect(pasted(text).data?.request, text).toEqual(request);
});

test("anything else is refused beside its field", () => {
  for (const text of [
    "",
    "AAAA",
    "{}",
    "[1]",
    '{"spki":1}',
    JSON.stringify({ ...request, label: "" }),
    "{".repeat(100),
  ]) {
    const { error } = pasted(text);
    expect(error?.issues[0]?.path[0], text).toBe("request");
  }
});
