import { runInMarket } from "./in-market.mjs";

/** `npm run log:export -- DIR|s3://bucket/prefix`. */

await runInMarket("lib/processes/export-log.ts");
