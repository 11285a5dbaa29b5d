import { pythonSnippet } from "./snippet-python";
import { samplesOf } from "./snippet-samples";
import { typescriptSnippet } from "./snippet-typescript";
import type { RunContract } from "./run-contract";

export const deliveredNames = ["contract.json", "run.ts", "run.py", "sample-input.json"] as const;
export type DeliveredName = (typeof deliveredNames)[number];

/**
 * What is delivered beside the files of a version: its contract, and a program in TypeScript and one in Python that answer
 * `sample-input.json` as printed, in the folder of the files. Null where only this installation runs it.
 */
export function deliveredFile(contract: RunContract, name: DeliveredName): string | null {
  if (name === "contract.json") return `${JSON.stringify(contract, null, 2)}\n`;
  const { bundle, input } = contract;
  if (bundle === "package" || bundle === "endpoint" || input.kind === "prepared") return null;
  if (name === "sample-input.json") return `${JSON.stringify(samplesOf(contract), null, 2)}\n`;
  return name === "run.ts" ? typescriptSnippet(contract) : pythonSnippet(contract);
}

/** What of it there is, by name. */
export function deliveredWith(contract: RunContract): DeliveredName[] {
  return deliveredNames.filter((name) => deliveredFile(contract, name) !== null);
}
