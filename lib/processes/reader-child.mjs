/**
 * Reads one file or text that a stranger wrote, in a process of its own: started with an empty environment in an
 * empty folder, allowed to read nothing but the sources, ended when its time or memory is up.
 *
 * In:  uint32 big-endian length, JSON header { runtime, input, bodyBytes, sizeInPieces }, then the bytes of the file; or,
 *      where `sizeInPieces` says how long it is, each piece that was asked for, with its uint32 length before it.
 * Out: uint32 big-endian length, JSON header { ok, usage }, then what was read as JSON.
 * Beside it, on standard error, lines "progress <number> <word>" and "piece <offset> <length>", which asks for one.
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

/** A stream by numbers of bytes. */
class BytesIn {
  #chunks;
  #rest = Buffer.alloc(0);

  constructor(stream) {
    this.#chunks = stream[Symbol.asyncIterator]();
  }

  async framed() {
    return this.exactly((await this.exactly(4)).readUInt32BE(0));
  }

  async exactly(length) {
    const bytes = Buffer.alloc(length);
    for (let filled = 0; filled < length;) {
      if (this.#rest.length === 0) {
        const { value, done } = await this.#chunks.next();
        if (done) throw new Error("the request broke off");
        this.#rest = value;
      }
      const taken = this.#rest.copy(bytes, filled);
      filled += taken;
      this.#rest = this.#rest.subarray(taken);
    }
    return bytes;
  }
}

const input = new BytesIn(process.stdin);

try {
  const header = JSON.parse((await input.framed()).toString("utf8"));
  const answer = header.runtime === "probe" ? await probe() : await read(header, await fileOf(header));
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

async function read({ runtime, input: asked }, file) {
  const { readers } = await import("./readers.ts");
  const reader = await readers[runtime]();
  const found = await reader(asked, file, (count, word) =>
    process.stderr.write(`progress ${count} ${word}\n`),
  );
  const { user, system } = process.cpuUsage();
  const usage = {
    processorMs: Math.round((user + system) / 1000),
    peakKilobytes: process.resourceUsage().maxRSS,
  };
  return { header: { ok: true, usage }, body: Buffer.from(JSON.stringify(found)) };
}

/** The bytes of the file, held once; or who gives its pieces, one after another. */
async function fileOf({ bodyBytes = 0, sizeInPieces }) {
  if (sizeInPieces === undefined) return input.exactly(bodyBytes);
  return {
    sizeBytes: sizeInPieces,
    read: async (offset, length) => {
      process.stderr.write(`piece ${offset} ${length}\n`);
      return input.framed();
    },
  };
}

function reply(header, body = Buffer.alloc(0)) {
  const head = Buffer.from(JSON.stringify(header));
  const length = Buffer.alloc(4);
  length.writeUInt32BE(head.length);
  process.stdout.write(Buffer.concat([length, head, body]), () => process.exit(0));
}
