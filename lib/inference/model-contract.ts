import type { OnnxSummary } from "@/lib/artifact/onnx-gate";
import { columnCountOf } from "./features";
import { classNamesSchema, preprocessingSchema, type Preprocessing } from "./preprocessing";

/** What a model file says about its own use: how input is prepared and what its answers mean. */
export type ModelContract = { classes: readonly string[]; preprocessing: Preprocessing };

export type ContractVerdict =
  { accepted: true; contract: ModelContract } | { accepted: false; message: string };

export const CLASSES_KEY = "offcut.classes";
export const PREPROCESSING_KEY = "offcut.preprocessing";

/** Reads the contract from the file's metadata and holds it against the network's shape. */
export function readModelContract(summary: OnnxSummary): ContractVerdict {
  const classes = classNamesSchema.safeParse(parsed(summary.metadata[CLASSES_KEY]));
  if (!classes.success)
    return { accepted: false, message: `The file does not name its classes (${CLASSES_KEY}).` };
  const preprocessing = preprocessingSchema.safeParse(parsed(summary.metadata[PREPROCESSING_KEY]));
  if (!preprocessing.success)
    return {
      accepted: false,
      message: `The file does not say how input is prepared (${PREPROCESSING_KEY}).`,
    };
  if (summary.output.columns !== classes.data.length) {
    return {
      accepted: false,
      message: `The network has ${summary.output.columns} answers but names ${classes.data.length} classes.`,
    };
  }
  const columnCount = columnCountOf(preprocessing.data);
  if (summary.input.columns !== columnCount) {
    return {
      accepted: false,
      message: `The network reads ${summary.input.columns} columns; its preprocessing makes ${columnCount}.`,
    };
  }
  return { accepted: true, contract: { classes: classes.data, preprocessing: preprocessing.data } };
}

function parsed(json: string | undefined): unknown {
  try {
    return JSON.parse(json ?? "null");
  } catch {
    return null;
  }
}
