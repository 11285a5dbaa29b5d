import "server-only";
import { eraseEnvelope } from "@/lib/evidence/commands/erase-envelope";
import { db } from "@/lib/platform/db";
import { DomainError } from "@/lib/shared/domain-error";

/** `npm run log:erase -- <envelope> <law> <reason>`, in the environment of the market: see lib/evidence/README.md. */
const [envelopeSha256 = "", ground = "", reason = ""] = process.argv.slice(2);

try {
  const tombstone = await eraseEnvelope({ envelopeSha256, ground, reason });
  process.stdout.write(`Erased. The tombstone is ${tombstone}.\n`);
} catch (error) {
  if (!(error instanceof DomainError)) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 1;
} finally {
  await db.$disconnect();
}
