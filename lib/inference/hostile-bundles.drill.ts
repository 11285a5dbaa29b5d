import { readFileSync } from "node:fs";
import { setTimeout as pause } from "node:timers/promises";
import { fileOf } from "./bundles.fixture";
import { openModel } from "./commands/open-model";
import {
  type Attack,
  answersFrom,
  numberBundle,
  onnxAttacks,
  transformersAttacks,
  vocabularyAttack,
} from "./hostile-bundles.fixture";
import { fasttextAttacks, ggufAttacks } from "./hostile-headers.fixture";
import { CANARY, attempt, lookout } from "./hostile-bundles.lookout.fixture";

/**
 * Bundles that want to read, write, connect, grow or last, one after another, while a model of somebody else answers: each
 * comes to the end that its kind has, and neither the host nor that other model is worse for it.
 */

const MAX_GROWTH_MB = 64;
/** What the other model's answer takes at most meanwhile; alone it takes a few milliseconds. */
const MAX_NEIGHBOUR_SECONDS = 5;

const watch = await lookout();
const seed = "prisma/seed/models";
const attacks = [
  ...onnxAttacks(watch),
  ...(await transformersAttacks(watch)),
  await vocabularyAttack(),
  ...ggufAttacks(readFileSync(`${seed}/german-paperwork-iso/bundle/model.gguf`)),
  ...fasttextAttacks(readFileSync(`${seed}/definition-shelf/bundle/model.ftz`)),
];

const weights = fileOf("weights.bin", Buffer.from(Float32Array.of(CANARY / 2).buffer));
const neighbour = await openModel(numberBundle(answersFrom("weights.bin"), [weights]));
const row = { kind: "fields", values: { x: "1" } } as const;
await neighbour.answer([row], 20);
const laidOut = await watch.left();

for (const attack of attacks) await measure(attack);
neighbour.close();
await watch.close();

async function measure(attack: Attack): Promise<void> {
  const before = process.memoryUsage().rss;
  const begun = performance.now();
  let isOver = false;
  const [{ outcome, said }, slowest] = await Promise.all([
    attempt(attack).finally(() => {
      isOver = true;
    }),
    slowestAnswer(() => isOver),
  ]);
  const seconds = (performance.now() - begun) / 1000;
  const growth = Math.round((process.memoryUsage().rss - before) / 1024 ** 2);
  const left = await foldersLeft();
  const isWithin =
    outcome === attack.outcome &&
    !said.includes(String(CANARY)) &&
    growth <= MAX_GROWTH_MB &&
    slowest <= MAX_NEIGHBOUR_SECONDS &&
    watch.visitors() + left === 0;
  if (!isWithin) process.exitCode = 1;
  const measured = [
    outcome,
    `${seconds.toFixed(1)} s`,
    `host +${growth} MB`,
    `${watch.visitors()} sockets`,
    `${left} folders left`,
    `neighbour ${slowest.toFixed(2)} s`,
  ];
  const limit = `${attack.outcome}, +${MAX_GROWTH_MB} MB, 0, 0, ${MAX_NEIGHBOUR_SECONDS} s`;
  console.log(
    JSON.stringify({ attack: attack.name, limit, measured: measured.join(", "), within: isWithin }),
  );
}

/** Folders of bundles that are still there five seconds later; removing them goes on beside the answer. */
async function foldersLeft(): Promise<number> {
  for (let time = 0; ; time += 1) {
    const left = (await watch.left()).filter((name) => !laidOut.includes(name)).length;
    if (left === 0 || time === 50) return left;
    await pause(100);
  }
}

/** How long the slowest answer of the other model took, in seconds; it is asked until the attack is over. */
async function slowestAnswer(isOver: () => boolean): Promise<number> {
  let slowest = 0;
  while (!isOver()) {
    const begun = performance.now();
    const { answers } = await neighbour.answer([row], 60);
    if (answers[0]?.number !== CANARY / 2) throw new Error("the other model answers otherwise than before");
    slowest = Math.max(slowest, (performance.now() - begun) / 1000);
    await pause(100);
  }
  return slowest;
}
