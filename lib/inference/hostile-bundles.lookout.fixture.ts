import { once } from "node:events";
import { chmod, mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { type AddressInfo, createServer } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import { DomainError } from "@/lib/shared/domain-error";
import { openModel } from "./commands/open-model";
import type { Attack, Outcome } from "./hostile-bundles.fixture";

/** The number that stands in the file which nobody may read. */
export const CANARY = 8_191.5;

/** A file of the host that everybody may read, and a port where somebody listens: what a bundle must not come to. */
export async function lookout() {
  const folder = await mkdtemp(path.join(tmpdir(), "canary-"));
  await chmod(folder, 0o755);
  const canary = path.join(folder, "canary.bin");
  await writeFile(canary, Buffer.from(Float32Array.of(CANARY).buffer), { mode: 0o644 });
  let visitors = 0;
  const listener = createServer((socket) => {
    visitors += 1;
    socket.destroy();
  }).listen(0, "127.0.0.1");
  await once(listener, "listening");
  return {
    canary,
    /** From the folder in which a bundle is laid out. */
    relative: path.join("../..", path.basename(folder), "canary.bin"),
    port: (listener.address() as AddressInfo).port,
    visitors: () => visitors,
    left: async () => (await readdir(tmpdir())).filter((name) => name.startsWith("offcut-bundle-")),
    close: async () => {
      listener.close();
      await rm(folder, { recursive: true });
    },
  };
}

/** Lets a bundle answer as any other, and says what became of it, with its answer or the reason. */
export async function attempt({
  bundle,
  rows,
  seconds,
}: Pick<Attack, "bundle" | "rows" | "seconds">): Promise<{ outcome: Outcome; said: string }> {
  try {
    const model = await openModel(bundle);
    try {
      const { answers } = await model.answer(rows, seconds);
      const isRefused = answers.every(({ refused }) => refused !== undefined);
      return { outcome: isRefused ? "refused" : "answered", said: JSON.stringify(answers) };
    } finally {
      model.close();
    }
  } catch (error) {
    if (!(error instanceof DomainError)) throw error;
    const isRefusal = error.code === "model_refused" || error.message.includes("refused_by_runtime");
    return { outcome: isRefusal ? "refused" : "ended", said: error.message };
  }
}
