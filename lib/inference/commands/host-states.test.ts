import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { promisify } from "node:util";
import { describe, expect, it } from "vitest";

const BUBBLEWRAP = "/usr/bin/bwrap";
/** Only where both tools are there can a machine be shown without one of them. */
const canHide = process.getuid?.() === 0 && existsSync(BUBBLEWRAP) && existsSync("/usr/bin/unshare");

/** What a machine says that is this one without these tools: an empty device stands in their place. */
async function withoutTools(...tools: string[]): Promise<Record<string, string>> {
  const hidden = tools.flatMap((tool) => ["--ro-bind", "/dev/null", tool]);
  const options = ["--cap-add", "ALL", "--dev-bind", "/", "/", ...hidden, process.execPath];
  const script = ["--conditions=react-server", "--import", "tsx", "lib/inference/host-state.fixture.ts"];
  const { stdout } = await promisify(execFile)(BUBBLEWRAP, [...options, ...script]);
  return JSON.parse(stdout) as Record<string, string>;
}

describe.skipIf(!canHide)("a stranger’s bundle", () => {
  it("sees its own files alone where bubblewrap works", async () => {
    expect(await withoutTools()).toMatchObject({
      isolation: "own-files+network+limits",
      outcome: "answered",
    });
  });

  it("has no network and is nobody where unshare works alone", async () => {
    expect(await withoutTools(BUBBLEWRAP)).toMatchObject({
      isolation: "user+network+limits",
      outcome: "answered",
    });
  });

  it("is not run where nothing keeps it apart, and the refusal says what would help", async () => {
    const { isolation, outcome, said } = await withoutTools(BUBBLEWRAP, "/usr/bin/unshare");
    expect({ isolation, outcome }).toEqual({ isolation: "limits", outcome: "ended" });
    expect(said).toMatch(
      /^Nothing on this machine keeps a stranger’s files apart, so none are run. Install bubblewrap/,
    );
  });
});
