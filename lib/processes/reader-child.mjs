/**
 * Reads one file or text that a stranger wrote, in a process of its own: started with an empty environment in an
 * empty folder, allowed to read nothing but the sources, ended when its time or memory is up.
 *
 * In:  uint32 big-endian length, JSON header { runtime, input, bodyBytes, sizeInPieces }, then the bytes of the file; or,
 *      where `sizeInPieces` says how long it is, each piece that was asked for, with its uint32 length before it.
 * Out: uint32 big-endian length, JSON header { ok, usage }, then what was read as JSON.
 * Beside it, on standard error, lines "progress <number> <word>" and "piece <offset> <length>", which asks for one.
 */
import "../platform/source-imports.mjs";
import { BytesIn, withLength } from "../platform/framing.mjs";
import { whatItReaches } from "../platform/reach.mjs";

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
  return { header: { ok: true, ...whatItReaches() } };
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
  const head = withLength(Buffer.from(JSON.stringify(header)));
  process.stdout.write(Buffer.concat([head, body]), () => process.exit(0));
}
