import "server-only";
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
};

const { killAt, killAfter = 1, ...options } = JSON.parse(process.argv[2] ?? "{}") as CrashRun;
let times = 0;

const sequencer = await openSequencer({
  ...options,
  onStep: (step) => {
    if (step === killAt && ++times === killAfter) process.kill(process.pid, "SIGKILL");
  },
});
process.stdout.write(sequencer ? "active\n" : "standby\n");
while (sequencer) {
  await sequencer.integrate();
  const size = await sequencer.publish();
  if (size !== null) process.stdout.write(`published ${size}\n`);
}
