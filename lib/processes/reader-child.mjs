/**
 * Reads one file or text that a stranger wrote, in a process of its own: started with an empty environment in an
 * empty folder, allowed to read nothing but the sources, ended when its time or memory is up.
 *
 * In:  uint32 big-endian length, JSON header { runtime, input, bodyBytes }, then the bytes of the file.
 * Out: uint32 big-endian length, JSON header { ok, usage }, then what was read as JSON.
 * Beside it, on standard error, lines "progress <number> <word>".
 */
import { registerHooks } from "node:module";
import { networkInterfaces } from "node:os";
import path from "node:path";
import { pathToFileURL } from "node:url";

const root = path.join(import.meta.dirname, "..", "..");

// The sources name each other without endings and from the root, as bundlers read them.
registerHooks({
  resolve(specifier, context, next) {
    if (!context.parentURL?.endsWith(".ts")) return next(specifier, context);
    if (specifier.startsWith("@/")) {
      return next(pathToFileURL(`${path.join(root, specifier.slice(2))}.ts`).href, context);
    }
    return next(specifier.startsWith(".") ? `${specifier}.ts` : specifier, context);
  },
});

try {
  const { header, body } = await readRequest();
  const answer = header.runtime === "probe" ? await probe() : await read(header, body);
  reply(answer.header, answer.body);
} catch (error) {
  reply({ ok: false, message: String(error?.stack ?? error).slice(0, 500) });
}

async function probe() {
  await import("./readers.ts");
  const outside = Object.values(networkInterfaces())
    .flat()
    .filter((address) => !address.internal);
  return { header: { ok: true, hasNetwork: outside.length > 0 } };
}

async function read({ runtime, input }, body) {
  const { readers } = await import("./readers.ts");
  const reader = await readers[runtime]();
  const found = await reader(input, body, (count, word) =>
    process.stderr.write(`progress ${count} ${word}\n`),
  );
  const { user, system } = process.cpuUsage();
  const usage = {
    processorMs: Math.round((user + system) / 1000),
    peakKilobytes: process.resourceUsage().maxRSS,
  };
  return { header: { ok: true, usage }, body: Buffer.from(JSON.stringify(found)) };
}

/** The bytes of the file are held once, in a buffer as long as the file is said to be. */
async function readRequest() {
  let waiting = Buffer.alloc(0);
  let header = null;
  let body = null;
  let filled = 0;
  for await (let chunk of process.stdin) {
    if (header === null) {
      waiting = Buffer.concat([waiting, chunk]);
      if (waiting.length < 4 || waiting.length < 4 + waiting.readUInt32BE(0)) continue;
      const end = 4 + waiting.readUInt32BE(0);
      header = JSON.parse(waiting.subarray(4, end).toString("utf8"));
      body = Buffer.alloc(header.bodyBytes ?? 0);
      chunk = waiting.subarray(end);
    }
    filled += chunk.copy(body, filled);
  }
  if (header === null || filled < body.length) throw new Error("the request broke off");
  return { header, body };
}

function reply(header, body = Buffer.alloc(0)) {
  const head = Buffer.from(JSON.stringify(header));
  const length = Buffer.alloc(4);
  length.writeUInt32BE(head.length);
  process.stdout.write(Buffer.concat([length, head, body]), () => process.exit(0));
}
