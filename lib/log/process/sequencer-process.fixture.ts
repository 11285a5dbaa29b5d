import { spawn } from "node:child_process";
import { setTimeout as pause } from "node:timers/promises";
import type { SequencerPlaces } from "./sequencer-start";
import type { SequencerStep } from "./sequencer";

export type CrashPlan = { killAt?: SequencerStep; killAfter?: number; standsBy?: boolean };

/** Runs a sequencer in a process of its own until it dies or is killed. */
export function crashRun(options: SequencerPlaces & { databaseUrl: string }, plan: CrashPlan) {
  const argument = JSON.stringify({ ...options, ...plan });
  const script = [
    "--conditions=react-server",
    "--import",
    "tsx",
    "lib/log/process/crash-run.fixture.ts",
    argument,
  ];
  const child = spawn(process.execPath, script, { stdio: ["ignore", "pipe", "pipe"] });
  let said = "";
  for (const stream of [child.stdout, child.stderr])
    stream.on("data", (chunk: Buffer) => (said += chunk.toString()));
  let isOver = false;
  const ended = new Promise<{ signal: string | null; said: string }>((resolve) => {
    child.on("exit", (_code, signal) => {
      isOver = true;
      resolve({ signal, said });
    });
  });

  async function says(word: string): Promise<void> {
    for (let turn = 0; turn < 1_500 && !said.includes(word) && !isOver; turn++) await pause(20);
    if (!said.includes(word)) throw new Error(`It did not come to pass: ${said}`);
  }

  return {
    child,
    ended,
    said: () => said,
    /** Sizes that it made public and lived to say so. */
    published: () => [...said.matchAll(/published (\d+)\n/g)].map(([, size]) => BigInt(size ?? 0)),
    isActive: () => said.includes("active") && !isOver,
    saysActive: () => says("active"),
    isReady: () => says("\n"),
  };
}
