import "server-only";
import { type Isolation, ISOLATION_FIX, keepsStrangersApart } from "@/lib/platform/isolation";
import { findIsolation } from "@/lib/platform/sandbox";
import { type SandboxProgram, SandboxError } from "@/lib/platform/sandbox-child";
import { SandboxSession } from "@/lib/platform/sandbox-session";
import { DomainError } from "@/lib/shared/domain-error";
import { pick } from "@/lib/shared/pick";
import type { RunInput } from "../model-input";
import type { RowAnswer } from "../row-answer";
import type { RunContract } from "../run-contract";
import { type BundleFile, layOut } from "./bundle-folder";
import { openEndpoint } from "./open-endpoint";

/** What digits may depend on beside the files, as runs record it. */
export type MachineFacts = {
  node: string;
  architecture: string;
  processor: string;
  /** Extensions of the instruction set that arithmetic may use, of those that this project knows, as Linux names them. */
  cpuFeatures: string;
  libc: string;
};

/** What was run on what, as statements say it. */
export function statedMachine(
  { runtime, tokenizer, threads, rowsPerCall }: RunContract,
  { machine, isolation }: { machine: MachineFacts; isolation: RunPlace },
) {
  return {
    ...runtime,
    ...pick(machine, ["node", "architecture", "cpuFeatures", "libc"]),
    ...{ threads, rowsPerCall, isolation },
    ...(tokenizer ? { tokenizer: `${tokenizer.name} ${tokenizer.version}` } : {}),
  };
}

/** Where a run took place: apart on this machine, or at the seller's, who may answer otherwise at any time. */
export type RunPlace = Isolation | "served_by_its_seller";

export type OpenModel = {
  isolation: RunPlace;
  machine: MachineFacts;
  /** Answers rows in their order, with the time that took. Throws `model_run_failed`; the model is closed then. */
  answer: (rows: readonly RunInput[], seconds: number) => Promise<AnsweredRows>;
  isOver: () => boolean;
  close: () => void;
};
export type AnsweredRows = { answers: RowAnswer[]; computeMilliseconds: number };

export type Bundle = {
  files: readonly BundleFile[];
  contract: RunContract;
  /** Made by somebody else than this installation: run only where strangers are kept apart. */
  isForeign: boolean;
};

/** The process that runs a bundle: see its own file. */
export const bundleProgram: SandboxProgram = {
  script: "lib/inference/commands/bundle-child.mjs",
  nodeOptions: [
    "--max-old-space-size=768",
    "--experimental-transform-types",
    "--disable-warning=ExperimentalWarning",
  ],
  dataBytes: 4 * 1024 ** 3,
  processorSeconds: 3_600,
};

export const OPEN_SECONDS = 120;
const MAX_ANSWER_BYTES = 32 * 1024 ** 2;

/**
 * Starts a model in a process of its own, with its files alone, and lets it answer. Throws `isolation_missing` where a
 * stranger's files cannot be kept apart on this machine, `digest_mismatch`, and `model_run_failed` where it does not load.
 */
export async function openModel({ files, contract, isForeign }: Bundle): Promise<OpenModel> {
  if (contract.endpoint) return openEndpoint(contract, contract.endpoint);
  const isolation = await findIsolation(bundleProgram).catch((error: unknown) => {
    throw error instanceof SandboxError ? runFailed(error) : error;
  });
  if (isForeign && !keepsStrangersApart(isolation))
    throw new DomainError(
      "isolation_missing",
      `Nothing on this machine keeps a stranger’s files apart, so none are run. ${ISOLATION_FIX}`,
    );
  const { folder, forget } = await layOut(files);
  const session = await SandboxSession.open(bundleProgram, folder).catch(async (error: unknown) => {
    await forget();
    throw error instanceof SandboxError ? runFailed(error) : error;
  });
  const close = () => {
    session.close();
    void forget();
  };
  const ask = async (message: Record<string, unknown>, seconds: number) => {
    try {
      return await session.ask(message, { seconds, maxOutputBytes: MAX_ANSWER_BYTES });
    } catch (error) {
      close();
      throw error instanceof SandboxError ? runFailed(error) : error;
    }
  };
  const opened = await ask({ runtime: "open", contract, folder }, OPEN_SECONDS);
  return {
    isolation: session.isolation,
    machine: opened.machine as MachineFacts,
    answer: async (rows, seconds) => {
      const { answers, computeMilliseconds } = await ask({ rows }, seconds);
      return { answers: answers as RowAnswer[], computeMilliseconds: Number(computeMilliseconds) };
    },
    isOver: () => session.isOver,
    close,
  };
}

function runFailed(error: SandboxError): DomainError {
  return new DomainError("model_run_failed", `The model could not be run (${error.message}).`);
}
