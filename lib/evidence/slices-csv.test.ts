import { expect, test } from "vitest";
import { columnSlice, columnValues } from "@/lib/measurement/slice";
import { summariseEvaluation } from "@/lib/measurement/evaluation";
import { slicesCsv } from "./slices-csv";

function csvOf(name: string): string[] {
  const slices = [{ ...columnSlice("Short", "true"), sellerName: name, discovered: true }];
  const rows = [{ label: "a", prediction: "a", columns: columnValues([["Short", "true"]]) }];
  return slicesCsv({
    summary: summariseEvaluation(rows, slices, 0.9),
    dataSetName: "Mails of May",
    finishedAt: new Date("2026-05-31T12:00:00Z"),
    grade: "seller_signed",
  }).split("\r\n");
}

test("one line for the whole and one for each slice, with counts and interval", () => {
  const [head, whole, slice, end] = csvOf("Brief");
  expect(head).toMatch(/^slice,name,seller_name,condition,n,clusters,right,/);
  expect(whole).toMatch(/^,all rows,,,1,,1,1,0\.2065/);
  expect(slice).toMatch(
    /^[0-9a-f]{32},Short,Brief,"\{""all"":\[.*\]\}",1,,1,1,.*,a,1,0\.9,not_enough_evidence,\d+,true,false,Mails of May,2026-05-31,seller_signed$/,
  );
  expect(end).toBe("");
});

test("a name that a spreadsheet would run is text, and quotes are kept", () => {
  expect(csvOf('=HYPERLINK("x")')[2]).toContain(`"'=HYPERLINK(""x"")"`);
});
