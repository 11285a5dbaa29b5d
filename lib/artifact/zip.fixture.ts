import { crc32, deflateRawSync, zstdCompressSync } from "node:zlib";

export type ZipMember = {
  name: string;
  content: Uint8Array | string;
  method?: "stored" | "deflated" | "zstd";
  /** What the directory says instead of what is true. */
  says?: Partial<Record<"crc" | "unpackedBytes" | "method" | "flags" | "unixMode", number>>;
};

const METHODS = { stored: 0, deflated: 8, zstd: 93 };

/** A zip archive as programs write it, or one whose directory lies. */
export function zipOf(members: readonly ZipMember[]): Uint8Array {
  const files: Buffer[] = [];
  const directory: Buffer[] = [];
  let offset = 0;
  for (const { name, content, method = "deflated", says = {} } of members) {
    const plain = Buffer.from(content);
    const packed =
      method === "stored" ? plain : method === "zstd" ? zstdCompressSync(plain) : deflateRawSync(plain);
    const named = Buffer.from(name);
    const facts = Buffer.alloc(26);
    facts.writeUInt16LE(20, 0);
    facts.writeUInt16LE(says.flags ?? 0x0800, 2);
    facts.writeUInt16LE(says.method ?? METHODS[method], 4);
    facts.writeUInt32LE(says.crc ?? crc32(plain), 10);
    facts.writeUInt32LE(packed.length, 14);
    facts.writeUInt32LE(says.unpackedBytes ?? plain.length, 18);
    facts.writeUInt16LE(named.length, 22);
    const place = Buffer.alloc(14);
    place.writeUInt32LE((says.unixMode ?? 0) * 0x10000, 6);
    place.writeUInt32LE(offset, 10);
    const file = Buffer.concat([Buffer.from("PK\x03\x04"), facts, named, packed]);
    files.push(file);
    directory.push(Buffer.from("PK\x01\x02"), Buffer.from([20, 0]), facts, place, named);
    offset += file.length;
  }
  const listed = Buffer.concat(directory);
  const end = Buffer.alloc(22);
  end.write("PK\x05\x06", 0, "latin1");
  end.writeUInt16LE(members.length, 8);
  end.writeUInt16LE(members.length, 10);
  end.writeUInt32LE(listed.length, 12);
  end.writeUInt32LE(offset, 16);
  return Buffer.concat([...files, listed, end]);
}
