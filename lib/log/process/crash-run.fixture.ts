import "server-only";
import { setTimeout as pause } from "node:timers/promises";
import { type SequencerStep, openSequencer } from "./sequencer";

/**
 * A sequencer for drills: runs the log that its argument names, and kills itself at the named step, or is killed from
 * outside at any other moment.
 */
type CrashRun = {
  databaseUrl: string;
  origin: string;
  keyFile: string;
  checkpointFile: string;
  killAt?: SequencerStep;
  /** Which time the step comes, from 1 on. */
  killAfter?: number;
  /** Whether it stands by while another one is active, instead of ending. */
  standsBy?: boolean;
};

const {
  killAt,
  killAfter = 1,
  standsBy = false,
  ...options
} = JSON.parse(process.argv[2] ?? "{}") as CrashRun;
let times = 0;

const open = () =>
  openSequencer({
    ...options,
    onStep: (step) => {
      if (step === killAt && ++times === killAfter) process.kill(process.pid, "SIGKILL");
    },
  });

let sequencer = await open();
if (!sequencer) process.stdout.write("standby\n");
while (!sequencer && standsBy) {
  await pause(10);
  sequencer = await open();
}
if (sequencer) process.stdout.write("active\n");
while (sequencer) {
  await sequencer.integrate();
  const size = await sequencer.publish();
  if (size !== null) process.stdout.write(`published ${size}\n`);
}
