import "server-only";
import { arch, version as node } from "node:process";
import { setTimeout as pause } from "node:timers/promises";
import { type Answered, sendJson } from "@/lib/platform/egress";
import { DomainError } from "@/lib/shared/domain-error";
import { endpointAnswer, endpointBody } from "../endpoint-shape";
import type { ModelInput, RunInput } from "../model-input";
import type { RowAnswer } from "../row-answer";
import type { RunContract } from "../run-contract";
import type { OpenModel } from "./open-model";

const TRIES = 3;
const LONGEST_WAIT_SECONDS = 5;

/**
 * A model that its seller serves, as one that answers: one row a call, one call at a time, tried again at most twice where
 * it asks for time or is not well. Nothing of it runs here, and it may answer otherwise at any time.
 */
export function openEndpoint(
  contract: RunContract,
  endpoint: NonNullable<RunContract["endpoint"]>,
): OpenModel {
  let isOver = false;
  return {
    isolation: "served_by_its_seller",
    machine: {
      node,
      architecture: arch,
      processor: "elsewhere",
      cpuFeatures: "elsewhere",
      libc: "elsewhere",
    },
    answer: async (rows, seconds) => {
      const startedAt = performance.now();
      const answers: RowAnswer[] = [];
      for (const row of rows) {
        if (performance.now() - startedAt > seconds * 1000)
          throw new DomainError(
            "model_run_failed",
            `The endpoint did not answer ${rows.length} rows in ${seconds} s.`,
          );
        answers.push(await answerOf(contract, endpoint, inputOf(row)));
      }
      return { answers, computeMilliseconds: performance.now() - startedAt };
    },
    isOver: () => isOver,
    close: () => {
      isOver = true;
    },
  };
}

function inputOf(row: RunInput): ModelInput {
  if (row.kind === "prepared")
    throw new DomainError(
      "model_run_failed",
      "An endpoint reads inputs as they are, and these were prepared.",
    );
  return row;
}

async function answerOf(
  contract: RunContract,
  endpoint: NonNullable<RunContract["endpoint"]>,
  input: ModelInput,
): Promise<RowAnswer> {
  const answered = await patiently(() => sendJson(endpoint.url, endpointBody(endpoint, contract, input)));
  if (answered.status < 200 || answered.status > 299)
    return { refused: `The endpoint answered with status ${answered.status}.` };
  try {
    return endpointAnswer(endpoint, contract, JSON.parse(answered.text));
  } catch {
    return { refused: "The endpoint answered something that is no JSON." };
  }
}

async function patiently(call: () => Promise<Answered>): Promise<Answered> {
  for (let tried = 1; ; tried += 1) {
    const answered = await call();
    const mayPass = answered.status === 429 || answered.status >= 500;
    if (!mayPass || tried === TRIES) return answered;
    await pause(Math.min(LONGEST_WAIT_SECONDS, answered.retryAfterSeconds ?? tried) * 1000);
  }
}
