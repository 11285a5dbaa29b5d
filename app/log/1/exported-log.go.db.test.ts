import { execFileSync } from "node:child_process";
import { copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { expect, test } from "vitest";
import { drain, makeEnvelopes, placesIn } from "@/lib/evidence/log.fixture";
import { findEnvelopeTexts } from "@/lib/evidence/queries/envelopes";
import { goEnvironment } from "@/lib/launch/go.mjs";
import { exportLog } from "@/lib/log/process/export-log";
import { folderPlace } from "@/lib/log/process/export-place";
import { openSequencer } from "@/lib/log/process/sequencer";

test("Go's sumdb accepts the exported folder, and the older checkpoint as its past", async () => {
  const folder = mkdtempSync(path.join(tmpdir(), "offcut-log-"));
  const databaseUrl = process.env.DATABASE_URL ?? "";
  const sequencer = await openSequencer({ databaseUrl, ...placesIn(folder, "localhost:3000/log/1") });
  if (!sequencer) throw new Error("Another sequencer is active.");
  try {
    const envelopes = await makeEnvelopes();
    const out = path.join(folder, "export");
    for (const count of [261, 300]) {
      await envelopes.submit(count);
      await drain(sequencer);
      await exportLog(folderPlace(out), findEnvelopeTexts);
      if (count === 261) copyFileSync(path.join(out, "checkpoint"), path.join(folder, "older"));
    }
    writeFileSync(path.join(out, "proofs.json"), "{}");
    const program = path.join(folder, "verify");
    const source = path.resolve("lib/log/oracle/verify.go");
    execFileSync("go", ["build", "-o", program, source], { env: goEnvironment });
    const vkey = readFileSync(path.join(out, "vkey"), "utf8").trim();
    expect(execFileSync(program, [out, vkey, path.join(folder, "older")], { encoding: "utf8" })).toMatch(
      /^size 561: 4 tiles.* 1 older/,
    );
  } finally {
    await sequencer.close();
    rmSync(folder, { recursive: true, force: true });
  }
});
