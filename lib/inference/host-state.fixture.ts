import { findIsolation } from "@/lib/platform/sandbox";
import { answersFrom, numberBundle } from "./hostile-bundles.fixture";
import { fileOf } from "./bundles.fixture";
import { attempt } from "./hostile-bundles.lookout.fixture";
import { bundleProgram } from "./commands/open-model";

/** Says, as JSON, how a machine like this one keeps models apart, and what becomes of a stranger's bundle on it. */

const weights = fileOf("weights.bin", Buffer.from(Float32Array.of(1).buffer));
const bundle = numberBundle(answersFrom("weights.bin"), [weights]);
const rows = [{ kind: "fields", values: { x: "1" } }] as const;
const isolation = await findIsolation(bundleProgram);
process.stdout.write(JSON.stringify({ isolation, ...(await attempt({ bundle, rows, seconds: 60 })) }));
process.exit(0);
