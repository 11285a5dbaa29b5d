#!/usr/bin/env bash
# mt940-js 1.0.0 reads the reversal of a credit in a bank statement as a credit: money that went out is money that came in.
#
# Field 61 of an MT940 statement marks each line with C (credit), D (debit), RC (reversal of a credit, so money leaves)
# or RD (reversal of a debit, so money returns). The library takes the R as a mark of its own and looks at the letter
# after it: RC becomes isCredit true, RD becomes isCredit false, with positive amounts, and nothing in the transaction says
# that it is a reversal. The two balances of the same statement, which it also reads, then do not add up.
#
# Source: SWIFT MT940 field 61, subfield 3 "Debit/Credit Mark" (D, C, RC, RD); lib of the package, tag 61.
# Consequence for a reader: sum the lines and compare them with the balances of fields 60 and 62 before believing a side.
# The package also needs `tslib` and does not name it, so it is installed beside it here.
# Fails when the library begins to tell reversals apart.
set -euo pipefail

folder="$(mktemp -d)"
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm init -y >/dev/null
npm install --silent --no-audit --no-fund --save-exact mt940-js@1.0.0 tslib@2.8.1

cat > read.cjs <<'JS'
const { read } = require("mt940-js");

/** One line of 210.00 with this mark, in a statement whose balances say where the money went. */
const statement = (mark, closing) =>
  [
    ":20:STATEMENT",
    ":25:10020030/1234567",
    ":28C:1/1",
    ":60F:C261120EUR1000,00",
    `:61:2611221122${mark}210,00NTRFNONREF//ABCDEFGHIJKLMNOP`,
    ":86:Licence",
    `:62F:C261122EUR${closing}`,
    "-",
  ].join("\r\n");

async function seen(mark, closing) {
  const [{ openingBalance, closingBalance, transactions }] = await read(Buffer.from(statement(mark, closing)));
  const [{ isCredit, amount }] = transactions;
  return { mark, isCredit, amount, moved: closingBalance.value - openingBalance.value };
}

(async () => {
  const rows = [await seen("C", "1210,00"), await seen("RC", "790,00"), await seen("RD", "1210,00")];
  for (const row of rows) console.log(JSON.stringify(row));
})();
JS

seen="$(node read.cjs)"
wanted='{"mark":"C","isCredit":true,"amount":210,"moved":210}
{"mark":"RC","isCredit":true,"amount":210,"moved":-210}
{"mark":"RD","isCredit":false,"amount":210,"moved":210}'
echo "seen:"
echo "$seen"
[[ "$seen" == "$wanted" ]]
