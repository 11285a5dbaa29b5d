import { runInMarket } from "./in-market.mjs";

/** `npm run backup -- DIR`. */

await runInMarket("lib/processes/backup.ts");
