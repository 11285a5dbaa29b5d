import { closeSync, ftruncateSync, mkdirSync, openSync, readFileSync } from "node:fs";
import path from "node:path";
import type { Page } from "@playwright/test";
import { decodeBase64 } from "@/lib/shared/encoding";
import type { LogEvidence } from "@/lib/log/continuity";
import { verifyConsistency } from "@/lib/log/merkle-tree";
import { env } from "@/lib/platform/env";
import { serveForkedLog, treeOf } from "./fixtures/forked-log";
import { CONNECT_FOUR, bytesAt, loggedClaim, named } from "./fixtures/logged-claim";
import { expect, test } from "./fixtures/sign-in";

type Handed = Parameters<ReturnType<Page["getByLabel"]>["setInputFiles"]>[0];

/** Hands files to the page as a reader would, and waits for what it makes of them. */
async function hand(page: Page, files: Handed): Promise<void> {
  const result = page.getByRole("heading", { name: "What this browser found" });
  if (await result.isVisible()) await page.getByRole("button", { name: "Clear" }).click();
  await expect(result).toHaveCount(0);
  await page.getByLabel("Choose files").setInputFiles(files);
  await expect(result).toBeFocused();
}

const row = (page: Page, name: string) => page.getByRole("group", { name, exact: true }).first();

test("an envelope, a bundle and a proof are each verified in five rows", async ({ page }) => {
  const { sha256, leafHash, index } = await loggedClaim();
  await page.goto("/verify");
  for (const [name, address] of [
    ["claim.dsse.json", `/log/1/envelope/${sha256}`],
    ["claim.sigstore.json", `/log/1/bundle/${leafHash}`],
    ["claim.tlog-proof", `/log/1/proof/${leafHash}`],
  ] as const) {
    await hand(page, named(name, await bytesAt(page, address)));
    await expect(row(page, "Signature")).toContainText("verified here: the signature matches the key");
    await expect(row(page, "Who speaks")).toContainText("verified here: by the log’s own entries");
    await expect(row(page, "Public record")).toContainText(`verified here: entry ${index} of a log of`);
    await expect(row(page, "Outside observers")).toContainText(/verified here|no outside observers yet/);
    await expect(row(page, "Your files")).toContainText("not checked");
    await expect(page.getByText("Signed by Offcut").first()).toBeVisible();
  }
});

test("nothing of a file leaves the machine but its digest", async ({ page }) => {
  const sent: string[] = [];
  page.on("request", (request) =>
    sent.push(`${request.method()} ${request.url()} ${request.postData() ?? ""}`),
  );
  await page.goto("/verify");
  await hand(page, `${CONNECT_FOUR}/model.onnx`);
  await expect(page.getByText("the version on offer").first()).toBeVisible();
  expect(sent.filter((request) => !request.startsWith("GET "))).toEqual([]);
  expect(sent.some((request) => /\/api\/v1\/files\/[0-9a-f]{64} $/.test(request))).toBe(true);
});

test("a model's files lead to its listing and to every statement about it, and a changed one fails", async ({
  page,
}) => {
  const { slug } = await loggedClaim();
  const weights = readFileSync(`${CONNECT_FOUR}/model.onnx`);
  const card = named("README.md", readFileSync(`${CONNECT_FOUR}/README.md`));
  await page.goto("/verify");
  await hand(page, [named("model.onnx", weights), card]);
  await expect(page.locator(`main a[href="/listings/${slug}"]`).first()).toBeVisible();
  await expect(row(page, "All your files")).toContainText("verified here: README.md, model.onnx match");
  await expect(page.getByText(/statements? about these files: \d+ adverse, \d+ withdrawn/)).toBeVisible();
  await expect(row(page, "Your files")).toContainText("verified here");

  const changed = Buffer.from(weights);
  changed[changed.length - 1] = (changed.at(-1) ?? 0) ^ 1;
  await hand(page, [named("model.onnx", changed), card]);
  await expect(row(page, "All your files")).toContainText("FAILED: model.onnx differs");
  await expect(page.getByText(/\d+ checks? FAILED/)).toBeVisible();
  await hand(page, named("model.onnx", changed));
  await expect(page.getByText("No listing here has a file with these bytes")).toBeVisible();
});

test("a listing's address and a digest lead to their claims, from the keyboard alone", async ({ page }) => {
  const { slug, sha256 } = await loggedClaim();
  await page.goto("/verify");
  const field = page.getByLabel("Or paste an address or a digest");
  for (const query of [`${env().APP_ORIGIN}/listings/${slug}`, sha256]) {
    await field.focus();
    await field.fill(query);
    await page.keyboard.press("Enter");
    await expect(page.getByRole("heading", { name: "What this browser found" })).toBeFocused();
    await expect(row(page, "Signature")).toContainText("verified here");
  }
  await field.fill("0".repeat(64));
  await page.keyboard.press("Enter");
  await expect(page.getByText("Nothing here bears this digest")).toBeVisible();
});

test("gigabytes are hashed with their progress shown, and can be stopped", async ({ page }) => {
  const big = test.info().outputPath("big.safetensors");
  mkdirSync(path.dirname(big), { recursive: true });
  const file = openSync(big, "w");
  // Nothing but a length, which takes no room on the disk.
  ftruncateSync(file, 5_000_000_000);
  closeSync(file);
  await page.goto("/verify");
  await page.getByLabel("Choose files").setInputFiles(big);
  await expect(page.getByText("Hashing big.safetensors")).toBeVisible();
  await expect(page.getByText(/[\d.,]+ of 5,000 MB/)).toBeVisible();
  await page.getByRole("button", { name: "Stop" }).click();
  await expect(page.getByRole("progressbar")).toHaveCount(0);
  await expect(page.getByRole("heading", { name: "What this browser found" })).toHaveCount(0);
});

test("a changed envelope reads FAILED, and what it says is not put into words", async ({ page }) => {
  const { sha256 } = await loggedClaim();
  const envelope = JSON.parse((await bytesAt(page, `/log/1/envelope/${sha256}`)).toString()) as {
    payload: string;
  };
  const statement = Buffer.from(envelope.payload, "base64").toString().replace('"fails"', '"filled"');
  envelope.payload = Buffer.from(statement).toString("base64");
  await page.goto("/verify");
  await hand(page, named("claim.json", Buffer.from(JSON.stringify(envelope))));
  await expect(row(page, "Signature")).toContainText("FAILED");
  await expect(page.getByText("What it says is not shown")).toBeVisible();
});

test("a log that shows another history than before reads FAILED, and the evidence is kept", async ({
  page,
}) => {
  const { evaluationId } = await loggedClaim();
  const card = `/evaluations/${evaluationId}`;
  await page.goto(card);
  await expect(row(page, "Public record")).toContainText("this browser keeps its checkpoint");
  await page.reload();
  await expect(row(page, "Public record")).toContainText("it continues the log that this browser saw before");

  await serveForkedLog(page);
  await page.goto(card);
  await expect(row(page, "Public record")).toContainText("FAILED: the log signed two histories");
  await expect(row(page, "Signature")).toContainText("verified here");
  const link = row(page, "Public record").getByRole("link", { name: "Download the evidence" });
  const [download] = await Promise.all([page.waitForEvent("download"), link.click()]);
  const evidence = JSON.parse(readFileSync(await download.path(), "utf8")) as LogEvidence;
  expect(evidence.reason).toBe("forked");
  const [kept, shown] = [treeOf(evidence.kept.checkpoint), treeOf(evidence.shown.checkpoint)];
  const hashes = (evidence.proof?.hashes ?? []).map((hash) => decodeBase64(hash) ?? new Uint8Array());
  expect(hashes.length).toBeGreaterThan(0);
  expect(verifyConsistency(kept, shown, hashes)).toBe(false);

  await page.goto("/log");
  await expect(row(page, "Seen before")).toContainText("FAILED: the log signed two histories");
  // The honest log is still the one remembered, and the evidence stays until it is forgotten.
  await page.context().unrouteAll();
  await page.goto("/log");
  await expect(row(page, "Seen before")).toContainText("verified here");
  await page.getByRole("button", { name: "Forget this log" }).click();
  await expect(page.getByRole("link", { name: "Download the evidence" })).toHaveCount(0);
});
