#!/usr/bin/env bash
# otpauth 9.5.2 makes a secret of everything that lies in the memory behind a buffer, not of the buffer.
#
# `new Secret({ buffer })` takes an ArrayBuffer. A Buffer of Node.js is often a small window into a pool that it shares
# with others, and `.buffer` is that whole pool: twenty bytes become a secret of the pool's size, made of whatever else
# lies there, without an error. Such a secret shows valid-looking codes which no app that was given the twenty bytes
# agrees with. With a copy of exactly these bytes the codes are those of RFC 6238, appendix B.
#
# Source: RFC 6238, appendix B (SHA-1, time 59: 94287082); README of the package (Secret takes an ArrayBuffer).
# Consequence for a caller: hand over hexadecimal text (`Secret.fromHex`) or a copy, and hold the size to what was meant.
# Fails when the library begins to refuse or to understand a window.
set -euo pipefail

folder="$(mktemp -d)"
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm init -y >/dev/null
npm install --silent --no-audit --no-fund --save-exact otpauth@9.5.2

cat > read.mjs <<'JS'
import { Secret, TOTP } from "otpauth";

const bytes = Buffer.from("12345678901234567890");
const codeOf = (secret) => new TOTP({ secret, digits: 8 }).generate({ timestamp: 59_000 });

const window_ = new Secret({ buffer: bytes.buffer });
const copy = new Secret({ buffer: Uint8Array.from(bytes).buffer });
const isOneSecret = window_.bytes.length === bytes.length;
console.log(JSON.stringify({ isOneSecret, window: codeOf(window_) === "94287082", copy: codeOf(copy) === "94287082" }));
JS

seen="$(node read.mjs)"
wanted='{"isOneSecret":false,"window":false,"copy":true}'
echo "seen:   $seen"
echo "wanted: $wanted"
[[ "$seen" == "$wanted" ]]
