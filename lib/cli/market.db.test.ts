import {
  createReadStream,
  existsSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { type Server, createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { POST as postEnvelope } from "@/app/api/v1/envelopes/route";
import { GET as getStatements } from "@/app/api/v1/models/[modelDigest]/statements/route";
import { GET as getBundle } from "@/app/log/1/bundle/[leafHash]/route";
import { GET as getCheckpoint } from "@/app/log/1/checkpoint/route";
import { GET as getPolicy } from "@/app/log/1/policy/route";
import { GET as getProof } from "@/app/log/1/proof/[leafHash]/route";
import { GET as getSpeaker } from "@/app/log/1/speaker/[leafHash]/route";
import { GET as getTile } from "@/app/log/1/tile/[...path]/route";
import { enrolCommandLineKey } from "@/lib/accounts/commands/keys";
import { PASSWORD, openBrowser, openPerson } from "@/lib/accounts/person.fixture";
import { exportLog } from "@/lib/log/process/export-log";
import { folderPlace } from "@/lib/log/process/export-place";
import { drain, placesIn } from "@/lib/evidence/log.fixture";
import { type Sequencer, openSequencer } from "@/lib/log/process/sequencer";
import { openPlatformKey } from "@/lib/evidence/commands/platform-key";
import { letSell } from "@/lib/evidence/signer.fixture";
import { findEnvelopeTexts } from "@/lib/evidence/queries/envelopes";
import { adverseStatement, makeTestKey, usageStatement } from "@/lib/statements/statements.fixture";
import { newFolder, offcut, offcutHere } from "./market.fixture";

const folder = mkdtempSync(path.join(tmpdir(), "offcut-market-"));
const here = newFolder();
const run = (...args: string[]) => offcutHere(here, ...args);
const file = (name: string) => path.join(here, name);
let sequencer: Sequencer;
let publishing: NodeJS.Timeout;
let market: { url: string; close: () => Promise<void> };

/** The route handlers behind plain HTTP, as strangers reach them. */
async function responseTo(request: Request): Promise<Response> {
  const { pathname } = new URL(request.url);
  const [, kind = "", rest = ""] = /^\/log\/1\/([a-z]+)(?:\/(.*))?$/.exec(pathname) ?? [];
  const model = /^\/api\/v1\/models\/([^/]+)\/statements$/.exec(pathname)?.[1];
  if (model !== undefined) return getStatements(request, { params: Promise.resolve({ modelDigest: model }) });
  if (pathname === "/api/v1/envelopes" && request.method === "POST") return postEnvelope(request);
  if (kind === "checkpoint") return getCheckpoint();
  if (kind === "policy") return getPolicy();
  if (kind === "proof") return getProof(request, { params: Promise.resolve({ leafHash: rest }) });
  if (kind === "speaker") return getSpeaker(request, { params: Promise.resolve({ leafHash: rest }) });
  if (kind === "bundle") return getBundle(request, { params: Promise.resolve({ leafHash: rest }) });
  if (kind === "tile") return getTile(request, { params: Promise.resolve({ path: rest.split("/") }) });
  return new Response(null, { status: 404 });
}

async function listen(server: Server): Promise<typeof market> {
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return { url, close: () => new Promise((resolve) => server.close(() => resolve())) };
}

function openMarket(): Promise<typeof market> {
  return listen(
    createServer((incoming, outgoing) => {
      const parts: Buffer[] = [];
      incoming.on("data", (part: Buffer) => parts.push(part));
      incoming.on("end", () => {
        const { method = "GET", headers, url = "/" } = incoming;
        const body = method === "POST" ? { body: Buffer.concat(parts) } : {};
        const type = { "content-type": headers["content-type"] ?? "" };
        const request = new Request(`http://localhost:3000${url}`, { method, headers: type, ...body });
        void responseTo(request).then(async (response) => {
          outgoing.writeHead(response.status, Object.fromEntries(response.headers));
          outgoing.end(Buffer.from(await response.arrayBuffer()));
        });
      });
    }),
  );
}

beforeAll(async () => {
  const databaseUrl = process.env.DATABASE_URL ?? "";
  const opened = await openSequencer({ databaseUrl, ...placesIn(folder, "localhost:3000/log/1") });
  if (!opened) throw new Error("Another sequencer is active.");
  sequencer = opened;
  await openPlatformKey();
  let isBusy = false;
  publishing = setInterval(() => {
    if (isBusy) return;
    isBusy = true;
    void drain(sequencer).finally(() => (isBusy = false));
  }, 100);
  market = await openMarket();
});
afterAll(async () => {
  clearInterval(publishing);
  await market.close();
  await sequencer.close();
  for (const place of [folder, here]) rmSync(place, { recursive: true, force: true });
});

const modelDigest = "c".repeat(64);

test("a key is made, enrolled, and its statement handed in, logged, saved and verified without the market", async () => {
  const ada = await openPerson("Ada");
  await letSell(ada.accountId, modelDigest);
  const made = await run("keygen", "--out", "ada.pem", "--account", ada.accountId, "--json");
  const request = made.json["enrolment"] as { spki: string; proof: string; label: string };
  await enrolCommandLineKey(ada.actor, { request, accountPassword: PASSWORD }, openBrowser());

  writeFileSync(file("usage.json"), JSON.stringify(usageStatement(ada.accountId, modelDigest)));
  expect((await run("sign", "usage.json", "--key", "ada.pem")).code).toBe(0);
  // In a process of its own, as a person would.
  const handedIn = await offcut(here, "submit", "usage.dsse.json", "--to", market.url, "--wait", "--json");
  expect([handedIn.code, handedIn.json["state"]]).toEqual([0, "logged"]);
  expect((await run("submit", "usage.dsse.json", "--to", market.url, "--json")).json).toMatchObject({
    envelope: handedIn.json["envelope"],
    leafHash: handedIn.json["leafHash"],
  });
  const [envelope, proof, bundle] = handedIn.json["files"] as string[];
  const held = ["--trust", "ada.pub.pem", "--state", "empty", "--policy", "policy"];
  writeFileSync(file("policy"), await (await fetch(`${market.url}/log/1/policy`)).text());
  for (const args of [[envelope ?? "", "--proof", proof ?? ""], [bundle ?? ""]]) {
    const { code, out } = await run("verify", ...args, ...held);
    expect([code, out]).toEqual([0, expect.stringContaining("of localhost:3000/log/1")]);
    expect(out).toContain("cannot check who speaks");
  }
  // The log itself says whose key it was, and that they sell this.
  const asked = await run("verify", bundle ?? "", ...held, "--log", market.url);
  expect([asked.code, asked.out]).toEqual([0, expect.stringMatching(/verified here +speaker/)]);
});

test("what the market refuses is told with its reason, and an unknown key is no forgery", async () => {
  const stranger = await makeTestKey();
  writeFileSync(file("stranger.json"), await stranger.sign(usageStatement("nobody", modelDigest)));
  const unknown = await run("submit", "stranger.json", "--to", market.url);
  expect([unknown.code, unknown.err]).toEqual([5, expect.stringContaining("not listed here")]);
  const { payload } = JSON.parse(readFileSync(file("stranger.json"), "utf8")) as { payload: string };
  const own = JSON.parse(readFileSync(file("usage.dsse.json"), "utf8")) as object;
  writeFileSync(file("forged.json"), JSON.stringify({ ...own, payload }));
  expect((await run("submit", "forged.json", "--to", market.url)).code).toBe(1);
  writeFileSync(file("large.json"), JSON.stringify({ ...own, payload: "A".repeat(70_000) }));
  expect((await run("submit", "large.json", "--to", market.url)).code).toBe(3);
});

test("a monitor counts what the market has logged, agrees with its own list, and follows its static copy", async () => {
  const eva = await openPerson("Eva", { roles: ["evaluator"] });
  const made = await run("keygen", "--out", "eva.pem", "--account", eva.accountId, "--json");
  const request = made.json["enrolment"] as { spki: string; proof: string; label: string };
  await enrolCommandLineKey(eva.actor, { request, accountPassword: PASSWORD }, openBrowser());
  writeFileSync(file("run.json"), JSON.stringify(adverseStatement(eva.accountId, modelDigest)));
  await run("sign", "run.json", "--key", "eva.pem");
  expect((await run("submit", "run.dsse.json", "--to", market.url, "--wait")).code).toBe(0);

  const { code, out } = await run("monitor", market.url, "--once", "--model", modelDigest);
  expect([code, out]).toEqual([
    0,
    expect.stringContaining("All 2 statements about these files: 1 adverse, 0 withdrawn."),
  ]);
  expect(out).toContain("the site's own list");

  clearInterval(publishing);
  await drain(sequencer);
  const copy = path.join(folder, "copy");
  expect(await exportLog(folderPlace(copy), findEnvelopeTexts)).not.toBeNull();
  const files = await listen(
    createServer((incoming, outgoing) => {
      const wanted = path.join(copy, path.normalize(incoming.url ?? "/"));
      if (!existsSync(wanted)) outgoing.writeHead(404).end();
      else createReadStream(wanted).pipe(outgoing);
    }),
  );
  // The same log at another address is the same history; what was signed lies elsewhere, and was kept before.
  const followed = await run("monitor", files.url, "--once", "--model", modelDigest);
  expect([followed.code, followed.out]).toEqual([0, expect.stringContaining("All 2 statements")]);
  const fresh = await run("monitor", files.url, "--once", "--state", "nothing-kept");
  expect([fresh.code, fresh.out]).toEqual([4, expect.stringContaining("payload unavailable")]);
  await files.close();
  // The folder itself holds all that was signed: it needs nobody any more.
  const alone = await run("monitor", copy, "--once", "--state", "nothing-kept", "--model", modelDigest);
  expect([alone.code, alone.out]).toEqual([0, expect.stringContaining("All 2 statements")]);
  expect(readdirSync(file("state/offcut/logs"))).toHaveLength(1);
});
