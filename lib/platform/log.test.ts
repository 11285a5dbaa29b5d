import { execFileSync } from "node:child_process";
import path from "node:path";
import { expect, test } from "vitest";

const root = path.resolve(import.meta.dirname, "../..");

/** What a process of its own writes to its output for one entry. */
function logged(facts: object, message: string): string {
  const code = `import("@/lib/platform/log").then(({ log }) => log.error(${JSON.stringify(facts)}, ${JSON.stringify(message)}))`;
  const env = {
    ...process.env,
    DATABASE_URL: "postgres://nobody@localhost/none",
    NEXTAUTH_SECRET: "x".repeat(32),
    LOG_LEVEL: "error",
  };
  const args = ["--conditions=react-server", "--import", "tsx", "--input-type=module", "-e", code];
  return execFileSync(process.execPath, args, { cwd: root, env, encoding: "utf8" });
}

test("masks secrets, and writes one line whatever somebody puts into it", () => {
  const secret = "lathe mortar heron gravel";
  const facts = { password: secret, form: { token: secret, kept: { passwordHash: secret, cookie: secret } } };
  const output = logged({ ...facts, name: 'a\n{"level":50,"msg":"forged"}' }, "one\r\ntwo");
  expect(output).not.toContain(secret);
  expect(output.trimEnd().split(/\r|\n/)).toHaveLength(1);
  expect(JSON.parse(output)).toMatchObject({ msg: "one\r\ntwo", password: "[masked]" });
});
