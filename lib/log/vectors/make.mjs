import { execFileSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import path from "node:path";
import { gzipSync } from "node:zlib";

/**
 * Makes every packed vector here and in `lib/statements/vectors` anew:
 *
 *     node lib/log/vectors/make.mjs WYCHEPROOF CCTV CONFORMANCE MERKLE
 *
 * Each argument is the folder of a clone, with or without a work tree; what its HEAD holds is read. Prints the commits
 * and sizes that the READMEs name.
 */

const [wycheproof, cctv, conformance, merkle] = process.argv.slice(2);
if (!merkle) throw new Error("Name the clones of wycheproof, CCTV, sigstore-conformance and merkle.");

const git = (clone, ...args) =>
  execFileSync("git", ["-C", clone, ...args], { encoding: "utf8", maxBuffer: 1 << 26 });
const readJson = (clone, file, reviver) => JSON.parse(git(clone, "show", `HEAD:${file}`), reviver);
const list = (clone, folder) => git(clone, "ls-tree", "-r", "--name-only", "HEAD", folder).trim().split("\n");

function pack(file, clone, kept) {
  const packed = gzipSync(JSON.stringify(kept), { level: 9 });
  writeFileSync(path.join(import.meta.dirname, file), packed);
  console.log(`${file}: ${packed.length} bytes, from ${git(clone, "rev-parse", "HEAD").trim()}`);
}

/** Groups of signatures under one key: its SPKI DER, or the 32 bytes of an Ed25519 key. */
function packSignatures(file, name, keyOf) {
  const { testGroups } = readJson(wycheproof, `testvectors_v1/${name}_test.json`);
  const groups = testGroups.map((group) => ({
    key: keyOf(group),
    tests: group.tests.map(({ tcId, comment, flags, msg, sig, result }) => ({
      id: tcId,
      comment,
      flags,
      msg,
      sig,
      result,
    })),
  }));
  pack(file, wycheproof, groups);
}

const statements = "../../statements/vectors";
const spkiOf = ({ publicKeyDer }) => publicKeyDer;
for (const name of [
  "ecdsa_secp256r1_sha256",
  "ecdsa_secp256r1_sha256_p1363",
  "ecdsa_secp384r1_sha384",
  "ecdsa_secp521r1_sha512",
])
  packSignatures(`${statements}/${name}.json.gz`, name, spkiOf);
packSignatures("ed25519.json.gz", "ed25519", ({ publicKey }) => publicKey.pk);

const edgeCases = readJson(cctv, "ed25519/ed25519vectors.json");
pack(
  "ed25519-edge-cases.json.gz",
  cctv,
  edgeCases.map(({ number, key, msg, sig, flags }) => ({ number, key, msg, sig, flags: flags ?? [] })),
);

const assets = "test/assets/bundle-verify";
const cases = list(conformance, assets).flatMap((file) => {
  const [, name] = /^(?:[^/]+\/){3}(rekor2-[^/]+)\/bundle\.sigstore\.json$/.exec(file) ?? [];
  return name ? [name] : [];
});
pack(
  "rekor2.json.gz",
  conformance,
  cases.map((name) => {
    const bundle = readJson(conformance, `${assets}/${name}/bundle.sigstore.json`);
    const { tlogs } = readJson(conformance, `${assets}/${name}/trusted_root.json`);
    delete bundle.verificationMaterial.timestampVerificationData;
    return { name, bundle, tlogs };
  }),
);

/** Sizes go up to 2^64 − 1, which no JavaScript number holds: they are kept as they are spelled. */
const asSpelled = (_key, value, { source }) => (typeof value === "number" ? source : value);
const proofs = (kind) =>
  list(merkle, `testdata/${kind}`).map((file) => ({
    name: path.posix.relative(`testdata/${kind}`, file.replace(/\.json$/, "")),
    ...readJson(merkle, file, asSpelled),
  }));
pack("merkle.json.gz", merkle, { inclusion: proofs("inclusion"), consistency: proofs("consistency") });
