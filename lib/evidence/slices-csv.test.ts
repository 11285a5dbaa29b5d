import { expect, test } from "vitest";
import { summariseEvaluation } from "@/lib/measurement/evaluation";
import { slicesCsv } from "./slices-csv";

function csvOf(name: string): string[] {
  const slices = [{ id: "s", name, baseRows: "members" as const, discovered: true }];
  const rows = [{ label: "a", prediction: "a", slices: ["s"] }];
  return slicesCsv({
    summary: summariseEvaluation(rows, slices, 0.9),
    dataSetName: "Mails of May",
    finishedAt: new Date("2026-05-31T12:00:00Z"),
    grade: "seller_signed",
  }).split("\r\n");
}

test("one line for the whole and one for each slice, with counts and interval", () => {
  const [head, whole, slice, end] = csvOf("Short");
  expect(head).toMatch(/^slice,name,n,right,/);
  expect(whole).toMatch(/^,all rows,1,1,1,0\.2065/);
  expect(slice).toMatch(
    /^s,Short,1,1,1,.*,not_enough_evidence,\d+,true,Mails of May,2026-05-31,seller_signed$/,
  );
  expect(end).toBe("");
});

test("a name that a spreadsheet would run is text, and quotes are kept", () => {
  expect(csvOf('=HYPERLINK("x")')[2]).toContain(`"'=HYPERLINK(""x"")"`);
});
