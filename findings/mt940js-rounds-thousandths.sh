#!/usr/bin/env bash
# mt940js 1.3.5 rounds amounts of currencies with three decimals to two, in lines and in balances.
#
# The currency of an MT940 statement stands in its balances, and the Bahraini dinar has three decimals: 0,125 is 125 fils.
# The library reads every amount through a function that keeps hundredths, so the line reads 0.13 and the balance 0.13;
# three such lines make 0.39 instead of 0.375. The sums it checks itself are of rounded numbers, so it reports no error
# where the roundings happen to agree.
#
# Source: ISO 4217 (BHD, minor unit 3); SWIFT MT940 fields 60, 61 and 62 (amount 15d, a comma for the decimals).
# Consequence for a reader: take the digits from the file, never the number of the library.
# Fails when the library begins to keep thousandths.
set -euo pipefail

folder="$(mktemp -d)"
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm init -y >/dev/null
npm install --silent --no-audit --no-fund --save-exact mt940js@1.3.5

cat > read.cjs <<'JS'
const { Parser } = require("mt940js");

const [statement] = new Parser().parse(
  [
    ":20:STATEMENT",
    ":25:10020030/1234567",
    ":28C:1/1",
    ":60F:C261120BHD0,000",
    ":61:2611221122C0,125NTRFNONREF//ABCDEFGHIJKLMNOP",
    ":86:Licence",
    ":62F:C261122BHD0,125",
    "",
  ].join("\n"),
);
const { currency, closingBalance, transactions } = statement;
console.log(JSON.stringify({ currency, closingBalance, amount: transactions[0].amount }));
JS

seen="$(node read.cjs)"
wanted='{"currency":"BHD","closingBalance":0.13,"amount":0.13}'
echo "seen:   $seen"
echo "wanted: $wanted"
[[ "$seen" == "$wanted" ]]
