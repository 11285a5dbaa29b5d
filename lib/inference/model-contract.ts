import type { OnnxPort, OnnxSummary } from "@/lib/artifact/onnx-gate";
import { columnCountOf } from "./features";
import { classNamesSchema, preprocessingSchema, type Preprocessing } from "./preprocessing";

/** What a model file says about its own use: how input is prepared and what its answers mean. */
export type ModelContract = { classes: readonly string[]; preprocessing: Preprocessing };

export type ContractVerdict =
  { accepted: true; contract: ModelContract } | { accepted: false; message: string };

const MAX_COLUMNS = 65_536;

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
  const [input, output] = [columnsOf(summary.inputs), columnsOf(summary.outputs)];
  if (input === null || output === null)
    return {
      accepted: false,
      message:
        "Its input and its output are not one table of 32-bit floats each, with a fixed number of columns.",
    };
  if (output !== classes.data.length) {
    return {
      accepted: false,
      message: `The network has ${output} answers but names ${classes.data.length} classes.`,
    };
  }
  const columnCount = columnCountOf(preprocessing.data);
  if (input !== columnCount) {
    return {
      accepted: false,
      message: `The network reads ${input} columns; its preprocessing makes ${columnCount}.`,
    };
  }
  return { accepted: true, contract: { classes: classes.data, preprocessing: preprocessing.data } };
}

/** Of the one table there is. */
function columnsOf(ports: readonly OnnxPort[]): number | null {
  const [port] = ports;
  const columns = port?.shape?.[1];
  const isTable = ports.length === 1 && port?.type === "float32" && port.shape?.length === 2;
  return isTable && typeof columns === "number" && columns > 0 && columns <= MAX_COLUMNS ? columns : null;
}

function parsed(json: string | undefined): unknown {
  try {
    return JSON.parse(json ?? "null");
  } catch {
    return null;
  }
}
