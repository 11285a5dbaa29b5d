import { isBeating } from "./heartbeat.mjs";

/** `npm run health -- web|jobs|sequencer|witness`: ends with 0 when that process of this machine works, else with 1. */

const ANSWERS_WITHIN_MILLISECONDS = 3000;

const checks = {
  web: async () => (await answerOf(`http://127.0.0.1:${process.env.PORT || 3000}/api/ready`)) === 200,
  jobs: () => isBeating("jobs"),
  sequencer: () => isBeating("sequencer"),
  // It has nothing to show to a GET, and says so.
  witness: async () => (await answerOf("http://127.0.0.1:8787/")) !== null,
};

async function answerOf(url) {
  const signal = AbortSignal.timeout(ANSWERS_WITHIN_MILLISECONDS);
  return fetch(url, { signal }).then(
    ({ status }) => status,
    () => null,
  );
}

const name = process.argv[2];
const isKnown = Object.hasOwn(checks, name ?? "");
const isWell = isKnown && (await checks[name]());
console.log(
  isKnown ? `${name}: ${isWell ? "well" : "not well"}` : `Say which: ${Object.keys(checks).join(", ")}.`,
);
process.exit(isWell ? 0 : 1);
