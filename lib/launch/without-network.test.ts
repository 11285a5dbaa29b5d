import { spawnSync } from "node:child_process";
import { copyFileSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { root } from "../conventions/domains.mjs";
import { withLength } from "../platform/framing.mjs";
import { withoutNetwork } from "./without-network.mjs";

/** Runs a program of Node with what it is told, and says what it answered and how often it tried to reach beyond this machine. */
function runCut(options: readonly string[], told: Buffer = Buffer.alloc(0)) {
  const counting = `
    import { spawnSync } from "node:child_process";
    import { attemptsOf } from ${JSON.stringify(path.join(import.meta.dirname, "without-network.mjs"))};
    const { stdout } = spawnSync(process.execPath, ${JSON.stringify(options)}, { stdio: ["inherit", "pipe", "inherit"], env: {} });
    console.log(JSON.stringify({ answer: String(stdout), attempts: attemptsOf() }));`;
  const [program = "", ...rest] = withoutNetwork([process.execPath, "--input-type=module", "-e", counting]);
  const { stdout, stderr } = spawnSync(program, rest, { input: told });
  if (stdout.length === 0) throw new Error(String(stderr));
  return JSON.parse(String(stdout)) as { answer: string; attempts: number };
}

test.each([
  ["a connection to an address", `net.connect(443, "192.0.2.1").on("error", () => {})`],
  ["a connection to an address of the newer kind", `net.connect(443, "2001:db8::1").on("error", () => {})`],
  ["a question for a name", `dns.resolve("models.example", () => {})`],
  ["a request to a site", `fetch("https://models.example/").catch(() => {})`],
])("%s is counted although it leads nowhere", (_what, attempt) => {
  expect(runCut(["-e", attempt]).attempts).toBeGreaterThan(0);
});

test("what stays on this machine is not counted", () => {
  const talk = `const s = net.createServer((c) => c.end("hello")).listen(0, "127.0.0.1", () =>
    net.connect(s.address().port, "127.0.0.1").on("data", (d) => { process.stdout.write(d); s.close(); }));`;
  expect(runCut(["-e", talk])).toEqual({ answer: "hello", attempts: 0 });
});

/** What runs bundles, told of one; nothing of it is in its folder, or what `files` names. */
function openBundle(contract: Record<string, unknown>, files: Record<string, string> = {}) {
  const folder = mkdtempSync(path.join(tmpdir(), "offcut-cut-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  for (const [name, source] of Object.entries(files)) copyFileSync(source, path.join(folder, name));
  const stated = { threads: 1, rowsPerCall: 1, output: { kind: "class", labels: ["a", "b"] }, ...contract };
  const message = { runtime: "open", contract: stated, folder };
  const child = path.join(root, "lib", "inference", "commands", "bundle-child.mjs");
  const node = ["--experimental-transform-types", "--disable-warning=ExperimentalWarning", child];
  return runCut(node, withLength(Buffer.from(JSON.stringify(message))));
}

test("a bundle whose files are missing is refused, and nobody is asked for them", () => {
  const contract = { bundle: "transformers", entry: "onnx/model.onnx", task: "text-classification" };
  const { answer, attempts } = openBundle(contract);
  expect(answer).toMatch(/"ok":false.*not found/);
  expect(attempts).toBe(0);
});

test("a model that is there opens without asking anybody", () => {
  const model = path.join(root, "node_modules/fasttext.wasm.js/dist/fastText/models/lid.176.ftz");
  const contract = { bundle: "fasttext", entry: "model.ftz", task: "text-classification" };
  const { answer, attempts } = openBundle(contract, { "model.ftz": model });
  expect(answer).toContain('"ok":true');
  expect(attempts).toBe(0);
});
