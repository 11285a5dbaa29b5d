import type pg from "pg";
import { listStoredObjects } from "@/lib/catalogue/queries/stored-files";
import { checkBooks } from "@/lib/ledger/queries/journal";
import { recomputeTree } from "@/lib/log/process/recompute-tree";
import { isAuditChainWhole } from "@/lib/platform/audit";
import { readInstallation } from "@/lib/platform/installation";
import { withConnection } from "../database/databases.mjs";
import { migrationStatus } from "../database/migrate.mjs";
import type { Manifest } from "./manifest";
import { checkStore } from "./objects";
import { sequencesBehind, tablesThatDiffer } from "./tables";

export type Finding = { check: string; found: string; holds: boolean };
export type Checked = {
  findings: Finding[];
  /** Storage keys of files that are here and have no key that opens them. */
  locked: string[];
};

/** Holds a restored market to its own rules and to the backup. Looks at everything, and changes nothing. */
export async function checkMarket(url: string, manifest: Manifest): Promise<Checked> {
  return withConnection(url, async (client: pg.Client) => {
    const status = Object.values(await migrationStatus(url)).flat();
    const differing = await tablesThatDiffer(client, manifest.tables);
    const behind = await sequencesBehind(client);
    const { currency } = await readInstallation();
    const { unbalancedEntries, cashMinusOwedMinor } = await checkBooks(currency);
    const size = await recomputeTree(client);
    const isLogOfBackup = size !== null && String(size) === (manifest.log?.size ?? "0");
    const isChained = await isAuditChainWhole();
    const { whole, changed, locked } = await checkStore(manifest.objects, await listStoredObjects(client));
    const rows = manifest.tables.reduce((sum, table) => sum + table.rows, 0);
    const findings = [
      finding("Migrations", status, `${manifest.migrations.length} applied`),
      finding("Tables", differing, `${manifest.tables.length} with ${rows} rows`),
      finding("Numbers to give out", behind, `${manifest.sequences.length} sequences`),
      {
        check: "Books",
        found: `${unbalancedEntries} entries out of balance, ${cashMinusOwedMinor} more held than owed`,
        holds: unbalancedEntries === 0 && cashMinusOwedMinor === 0n,
      },
      { check: "Audit log", found: isChained ? "one chain" : "the chain is broken", holds: isChained },
      {
        check: "Public log",
        found: isLogOfBackup
          ? `${size} entries lead to the signed root`
          : "the entries do not lead to the root",
        holds: isLogOfBackup,
      },
      finding("Stored files", changed, `${whole + locked.length} as backed up, ${whole} opened`),
    ];
    return { findings, locked };
  });
}

function finding(check: string, wrong: readonly string[], found: string): Finding {
  const named = wrong.slice(0, 5).join(", ");
  return {
    check,
    found: wrong.length === 0 ? found : `${wrong.length} wrong: ${named}`,
    holds: wrong.length === 0,
  };
}
