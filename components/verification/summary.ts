import type { Check } from "@/lib/verification/check";
import type { InspectionReport } from "@/lib/verification/report";

/** One sentence over a whole result. A single failure decides it, and only signatures that hold make it good. */
export function summaryOf(report: InspectionReport): { text: string; tone: string } {
  const rows: Check[] = [
    ...report.claims.flatMap(({ signature, speaker, log, observers, files }) => [
      signature,
      speaker,
      log,
      observers,
      files,
    ]),
    ...report.checkpoints.flatMap(({ signature, observers }) => [signature, observers]),
    ...report.models.map(({ files }) => files),
  ];
  const failures =
    rows.filter(({ state }) => state === "failed").length +
    report.files.filter(({ problem }) => problem !== null).length +
    report.notes.filter((note) => note.includes("FAILED")).length;
  if (failures > 0)
    return { text: `${failures} ${failures === 1 ? "check" : "checks"} FAILED.`, tone: "text-red" };
  const signed = report.claims.filter(({ signature }) => signature.state === "verified").length;
  const total = report.claims.length;
  if (total === 0) return { text: "No signed claim was checked.", tone: "text-ink-2" };
  const logged = report.claims.filter(({ log }) => log.state === "verified").length;
  const text = `${signed} of ${total} ${total === 1 ? "claim" : "claims"} verified here as signed, ${logged} as logged.`;
  return { text, tone: "text-ink-2" };
}
