import "server-only";
import type { Actor } from "@/lib/accounts/actor";
import { storedFilesById } from "@/lib/catalogue/queries/stored-files";
import { signedAmong } from "@/lib/evidence/queries/draft-evaluations";
import { db } from "@/lib/platform/db";
import {
  type ImportFormat,
  type ImportReport,
  importFormatLabels,
  readImportReport,
} from "@/lib/formats/import-report";
import { type SignedFilesCheck, compareSignedFiles } from "@/lib/verification/signed-files";

export type DraftImportView = {
  id: string;
  fileName: string;
  format: ImportFormat;
  sha256: string;
  sizeBytes: number;
  createdAt: Date;
  report: Omit<ImportReport, "signature">;
  /** A signed list of files: whether the signature holds, and whether the draft's files are those signed. */
  signature: (Pick<NonNullable<ImportReport["signature"]>, "state" | "method"> & SignedFilesCheck) | null;
  evaluationId: string | null;
  /** Its rows are signed: it can be neither counted again nor removed. */
  isSigned: boolean;
};

/** What has been read into an open draft of the actor's own, newest first; empty for everybody else. */
export async function listDraftImports(actor: Actor, draftId: string): Promise<DraftImportView[]> {
  const rows = await db.draftImport.findMany({
    where: { draftId, draft: { ownerId: actor.accountId, closedAt: null } },
    orderBy: [{ createdAt: "desc" }, { id: "asc" }],
  });
  if (rows.length === 0) return [];
  const [files, signed] = await Promise.all([
    db.draftFile.findMany({ where: { draftId } }),
    signedAmong(rows.flatMap((row) => row.evaluationId ?? [])),
  ]);
  const stored = await storedFilesById([...rows, ...files].map(({ storedFileId }) => storedFileId));
  const held = files.map(({ path, storedFileId }) => ({
    path,
    sha256: stored.get(storedFileId)?.sha256 ?? "",
  }));
  return rows.flatMap(({ id, fileName, format, storedFileId, createdAt, evaluationId, ...row }) => {
    const { signature, ...report } = readImportReport(row.report);
    const file = stored.get(storedFileId);
    if (!file) return [];
    return {
      id,
      fileName,
      format: isFormat(format) ? format : "evaluation-file",
      sha256: file.sha256,
      sizeBytes: Number(file.sizeBytes),
      createdAt,
      report,
      signature: signature && {
        state: signature.state,
        method: signature.method,
        ...compareSignedFiles(signature, held),
      },
      evaluationId,
      isSigned: evaluationId !== null && signed.has(evaluationId),
    };
  });
}

function isFormat(format: string): format is ImportFormat {
  return Object.hasOwn(importFormatLabels, format);
}
