#!/usr/bin/env bash
# @sigstore/bundle reads no signature of a model before 2.3.2 (2.1.0 tried last), and none by certificate in any version.
#
# OpenSSF Model Signing writes Sigstore bundles of media type v0.3. With a key they hold `publicKey.hint` and no entry of a
# log; @sigstore/bundle 1.1.0 and 2.1.0 say "invalid bundle" to the whole media type, 2.3.2, 3.1.0, 4.0.0 and 5.0.1 read
# them. With a certificate they hold `x509CertificateChain`, which version 0.3 of the format no longer allows ("certificate"
# instead): every one of these refuses them, although the specification of model signing has such a file among its valid ones.
#
# Source: ossf/model-signing-spec, test-vectors/v1.0/valid; sigstore/protobuf-specs, sigstore_bundle.proto (v0.3).
# Consequence for a caller: a refusal by these readers is no finding against a signature. `offcut sign --oms` writes what
# 2.3.2 and later read; a bundle by certificate is reported as not checkable here, never as broken.
# Fails when one of these versions begins to answer otherwise.
set -euo pipefail

folder="$(mktemp -d)"
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm init -y >/dev/null
npm install --silent --no-audit --no-fund --save-exact \
  v1.1.0@npm:@sigstore/bundle@1.1.0 v2.1.0@npm:@sigstore/bundle@2.1.0 v2.3.2@npm:@sigstore/bundle@2.3.2 \
  v3.1.0@npm:@sigstore/bundle@3.1.0 v4.0.0@npm:@sigstore/bundle@4.0.0 v5.0.1@npm:@sigstore/bundle@5.0.1

cat > read.cjs <<'JS'
const payload = Buffer.from("{}").toString("base64");
const dsseEnvelope = { payload, payloadType: "application/vnd.in-toto+json", signatures: [{ sig: "AA==", keyid: "" }] };
const mediaType = "application/vnd.dev.sigstore.bundle.v0.3+json";
const materials = {
  key: { publicKey: { hint: "00" }, tlogEntries: [] },
  certificate: { x509CertificateChain: { certificates: [{ rawBytes: "AA==" }] }, tlogEntries: [] },
};
const readBy = (version, verificationMaterial) => {
  try {
    require(`v${version}`).bundleFromJSON({ mediaType, verificationMaterial, dsseEnvelope });
    return true;
  } catch {
    return false;
  }
};
const read = Object.entries(materials).map(([name, material]) => [
  name,
  ["1.1.0", "2.1.0", "2.3.2", "3.1.0", "4.0.0", "5.0.1"].filter((version) => readBy(version, material)),
]);
console.log(JSON.stringify(Object.fromEntries(read)));
JS

seen="$(node read.cjs)"
wanted='{"key":["2.3.2","3.1.0","4.0.0","5.0.1"],"certificate":[]}'
echo "seen:   $seen"
echo "wanted: $wanted"
[[ "$seen" == "$wanted" ]]
