import type { ArtifactCheck, ArtifactFormat, RefusalCode } from "./structure-cursor";

const HDF5 = [0x89, 0x48, 0x44, 0x46, 0x0d, 0x0a, 0x1a, 0x0a];
const PICKLE_NAMES = /\.(pkl|pickle|pt|pth|ckpt|joblib|bin|dill)$/i;

const RUNS_CODE = "Opening it can run any program that was put into it";

/**
 * Refuses files whose opening can run code: pickles (bare or in PyTorch's zip), Keras files and archives that
 * may hold either. Null when the file is none of these. `head` and `tail` are its first and last bytes.
 */
export function refuseUnsafe(fileName: string, head: Uint8Array, tail: Uint8Array): ArtifactCheck | null {
  if (startsWith(head, HDF5)) {
    return refuse(
      "keras",
      "runs_code",
      `This is an HDF5 file, as Keras writes. ${RUNS_CODE}; export it as ONNX or safetensors.`,
    );
  }
  if (isZip(head, tail)) return refuseZip(latin1(head) + latin1(tail));
  if (isPickle(head, tail)) return refusePickle();
  if (/\.(h5|hdf5|keras)$/i.test(fileName)) {
    return refuse(
      "keras",
      "runs_code",
      `Its name says Keras. ${RUNS_CODE}; export it as ONNX or safetensors.`,
    );
  }
  return null;
}

/** For a file that is nothing else by content, its name decides. */
export function refusePickleName(fileName: string): ArtifactCheck | null {
  return PICKLE_NAMES.test(fileName) ? refusePickle() : null;
}

function refusePickle(): ArtifactCheck {
  return refuse(
    "pickle",
    "runs_code",
    `This is a Python pickle. ${RUNS_CODE}; save the weights as safetensors or ONNX.`,
  );
}

function refuseZip(contents: string): ArtifactCheck {
  if (contents.includes("data.pkl")) {
    return refuse(
      "pickle",
      "runs_code",
      `This is a PyTorch file, a zip around a Python pickle. ${RUNS_CODE}; save the weights as safetensors or ONNX.`,
    );
  }
  if (contents.includes("model.weights.h5") || contents.includes("saved_model.pb")) {
    return refuse(
      "keras",
      "runs_code",
      `This is a Keras or TensorFlow archive. ${RUNS_CODE}; export it as ONNX or safetensors.`,
    );
  }
  return refuse(
    "archive",
    "archive",
    "This is a zip archive; upload the files in it one by one, so that each can be checked.",
  );
}

function isZip(head: Uint8Array, tail: Uint8Array): boolean {
  return (
    startsWith(head, [0x50, 0x4b, 0x03, 0x04]) ||
    startsWith(head, [0x50, 0x4b, 0x05, 0x06]) ||
    endsAsZip(tail)
  );
}

/** A zip is found from its end, whatever stands before it. */
function endsAsZip(tail: Uint8Array): boolean {
  for (let at = tail.length - 22; at >= 0; at--) {
    if (!startsWith(tail.subarray(at, at + 4), [0x50, 0x4b, 0x05, 0x06])) continue;
    const commentBytes = (tail[at + 20] ?? 0) + 256 * (tail[at + 21] ?? 0);
    if (at + 22 + commentBytes === tail.length) return true;
  }
  return false;
}

function isPickle(head: Uint8Array, tail: Uint8Array): boolean {
  const protocol = head[1] ?? 0;
  if (head[0] === 0x80 && protocol >= 1 && protocol <= 5) return true;
  // Protocols 0 and 1 have no mark: they open with a container or a global and end with STOP.
  const opening = latin1(head.subarray(0, 200));
  const endsWithStop = tail[tail.length - 1] === 0x2e;
  return endsWithStop && /^(c[\w.]+\n[\w.]+\n|\((lp|dp|i[\w.]+\n|c[\w.]+\n)|[\]}]q[\0-\xff])/.test(opening);
}

function refuse(format: ArtifactFormat, refusalCode: RefusalCode, reason: string): ArtifactCheck {
  return { format, ok: false, refusalCode, reason, facts: {} };
}

function startsWith(bytes: Uint8Array, mark: readonly number[]): boolean {
  return bytes.length >= mark.length && mark.every((byte, index) => bytes[index] === byte);
}

function latin1(bytes: Uint8Array): string {
  return new TextDecoder("latin1").decode(bytes);
}
