import "server-only";
import type { AddressInfo } from "node:net";
import { openWitness } from "./run-witness";
import { readVkey } from "../signed-note";
import { serveWitness } from "./witness-server";

/** A witness for drills: says its port, and kills itself once that many checkpoints are kept and not yet answered. */
type WitnessRun = { folder: string; log: string; killAfter: number };

const { folder, log, killAfter } = JSON.parse(process.argv[2] ?? "{}") as WitnessRun;
const key = readVkey(log);
if (!key) throw new Error("No log to follow.");
let kept = 0;

const witness = await openWitness({
  folder,
  newName: "observer.example/1",
  logs: [key],
  now: () => BigInt(Math.floor(Date.now() / 1000)),
  onKept: () => {
    kept += 1;
    if (kept === killAfter) process.kill(process.pid, "SIGKILL");
  },
});
const server = serveWitness(witness, (error) => console.error(error));
server.listen(0, "127.0.0.1", () => {
  process.stdout.write(`port ${(server.address() as AddressInfo).port}\n`);
});
