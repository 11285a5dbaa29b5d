#!/usr/bin/env bash
# @huggingface/gguf 0.4.6 puts the header's three numbers and the file's own key-value pairs into one flat object.
#
# A GGUF file begins with its format version, the number of tensors and the number of key-value pairs. The pairs that
# follow may have any name in the alphabet of the format, and `version`, `tensor_count` and `kv_count` are such names.
# The library reads the header, then writes each pair over what is there: a file of version 3 with one pair called
# `version` is reported to have the version that the pair says, in whatever type, and the header's number is gone from
# `metadata` and `typedMetadata` alike. Nothing is said about it.
#
# Source: GGUF specification (ggml, docs/gguf.md: header, then metadata_kv with free hierarchical lower-case keys);
# packages/gguf of huggingface.js, where metadata starts with these three and is filled by key.
# Consequence for a reader: take the version and the counts from the bytes, or refuse these three keys first.
# Fails when the library begins to keep them apart.
set -euo pipefail

folder="$(mktemp -d)"
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm init -y >/dev/null
npm install --silent --no-audit --no-fund --save-exact @huggingface/gguf@0.4.6

cat > read.mjs <<'JS'
import { writeFileSync } from "node:fs";
import { gguf } from "@huggingface/gguf";

const number = (size, value) => {
  const bytes = Buffer.alloc(size);
  size === 4 ? bytes.writeUInt32LE(value) : bytes.writeBigUInt64LE(BigInt(value));
  return bytes;
};
const text = (value) => Buffer.concat([number(8, Buffer.byteLength(value)), Buffer.from(value)]);
const TEXT = 8;
const pair = (key, value) => Buffer.concat([text(key), number(4, TEXT), text(value)]);

const pairs = [pair("general.architecture", "llama"), pair("version", "mine"), pair("kv_count", "many")];
const header = [Buffer.from("GGUF"), number(4, 3), number(8, 0), number(8, pairs.length)];
writeFileSync("small.gguf", Buffer.concat([...header, ...pairs, Buffer.alloc(128)]));

const { metadata } = await gguf("small.gguf", { allowLocalFile: true });
console.log(JSON.stringify(metadata, (_, value) => (typeof value === "bigint" ? `${value}n` : value)));
JS

seen="$(node read.mjs)"
wanted='{"version":"mine","tensor_count":"0n","kv_count":"many","general.architecture":"llama"}'
echo "seen:   $seen"
echo "wanted: $wanted"
[[ "$seen" == "$wanted" ]]
