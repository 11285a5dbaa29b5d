import "server-only";
import path from "node:path";
import { findEnvelopeTexts } from "@/lib/evidence/queries/envelopes";
import { ExportRefusal, exportLog } from "@/lib/log/process/export-log";
import { folderPlace, storePlace } from "@/lib/log/process/export-place";
import { db } from "@/lib/platform/db";
import { env } from "@/lib/platform/env";
import { s3Driver } from "@/lib/platform/storage-s3";

/** `npm run log:export -- DIR|s3://bucket/prefix`: the whole log as static files. Started by lib/launch/export-log.mjs. */

function placeNamed(target: string) {
  const [, bucket, prefix = ""] = /^s3:\/\/([^/]+)\/?(.*)$/.exec(target) ?? [];
  if (bucket === undefined) return folderPlace(path.resolve(target));
  const { S3_REGION, S3_ENDPOINT } = env();
  const store = s3Driver({ bucket, region: S3_REGION, endpoint: S3_ENDPOINT });
  return storePlace(store, prefix === "" || prefix.endsWith("/") ? prefix : `${prefix}/`);
}

const [target, ...rest] = process.argv.slice(2);
try {
  if (target === undefined || target.startsWith("-") || rest.length > 0)
    throw new ExportRefusal("Say where to: npm run log:export -- DIR, or s3://bucket/prefix");
  const exported = await exportLog(placeNamed(target), findEnvelopeTexts);
  if (!exported) throw new ExportRefusal("This log has published no checkpoint yet.");
  const { size, files, envelopes, unavailable } = exported;
  process.stdout.write(
    `${size} entries at ${target}, checked against the signed root: ` +
      `${files} files and ${envelopes} statements written${unavailable > 0 ? `, ${unavailable} were erased` : ""}.\n`,
  );
} catch (error) {
  process.stderr.write(
    `${error instanceof ExportRefusal ? error.message : String((error as Error).stack)}\n`,
  );
  process.exitCode = 1;
} finally {
  await db.$disconnect();
}
