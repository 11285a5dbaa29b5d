import { RUNS_CODE } from "./pickle";
import { type ArtifactCheck, refused } from "./structure-cursor";

type Mark = readonly [what: string, at: number, bytes: readonly number[] | string];

/** Archives and compressed files other than zip, tar, gzip and zlib, by the bytes they begin with. */
const archives: readonly Mark[] = [
  ["7-Zip archive", 0, [0x37, 0x7a, 0xbc, 0xaf, 0x27, 0x1c]],
  ["RAR archive", 0, "Rar!\x1a\x07"],
  ["bzip2 file", 4, [0x31, 0x41, 0x59, 0x26, 0x53, 0x59]],
  ["bzip2 file", 4, [0x17, 0x72, 0x45, 0x38, 0x50, 0x90]],
  ["xz file", 0, [0xfd, 0x37, 0x7a, 0x58, 0x5a, 0x00]],
  ["Zstandard file", 0, [0x28, 0xb5, 0x2f, 0xfd]],
  ["LZ4 file", 0, [0x04, 0x22, 0x4d, 0x18]],
  ["compress (.Z) file", 0, [0x1f, 0x9d]],
  ["cabinet archive", 0, "MSCF\0\0\0\0"],
  ["ar archive", 0, "!<arch>\n"],
  ["cpio archive", 0, "070701"],
  ["cpio archive", 0, "070702"],
  ["cpio archive", 0, "070707"],
];

const programs: readonly Mark[] = [
  ["program for Linux (ELF)", 0, "\x7fELF"],
  ["program for macOS", 0, [0xcf, 0xfa, 0xed, 0xfe]],
  ["program for macOS", 0, [0xce, 0xfa, 0xed, 0xfe]],
  ["program for macOS", 0, [0xfe, 0xed, 0xfa, 0xcf]],
  ["program for macOS", 0, [0xfe, 0xed, 0xfa, 0xce]],
  ["program for macOS or Java", 0, [0xca, 0xfe, 0xba, 0xbe]],
  ["WebAssembly program", 0, "\0asm"],
  ["Android program", 0, "dex\n03"],
  ["Windows shortcut", 0, [0x4c, 0, 0, 0, 1, 0x14, 2, 0]],
  ["script", 0, "#!"],
  ["script", 0, "\xef\xbb\xbf#!"],
];

const HDF5 = "\x89HDF\r\n\x1a\n";
const ZIP_ENDS = "PK\x05\x06";

/** Refuses a zip, which is found from its end, whatever stands before it; null for other files. */
export function refuseZip(head: Uint8Array, tail: Uint8Array): ArtifactCheck | null {
  return isZip(head, tail) ? refuseZipOf(latin1(head) + latin1(tail)) : null;
}

/** Refuses other archives, compressed files and programs by their first bytes, each by its own name. */
export function refuseMarked(head: Uint8Array): ArtifactCheck | null {
  if (isTar(head))
    return refused(
      "archive",
      "archive",
      "This is a tar archive, as .nemo files are; upload the files in it one by one.",
    );
  const archive = archives.find((mark) => bears(head, mark));
  if (archive)
    return refused(
      "archive",
      "archive",
      `This is a ${archive[0]}; upload what is in it as it is, so that it can be checked.`,
    );
  if (bears(head, ["", 0, HDF5]))
    return refused(
      "keras",
      "runs_code",
      `This is an HDF5 file, as Keras writes. ${RUNS_CODE}; export it as ONNX or safetensors.`,
    );
  const program = programs.find((mark) => bears(head, mark));
  if (program || isWindowsProgram(head)) {
    const what = program?.[0] ?? "program for Windows";
    return refused("program", "runs_code", `This is a ${what}; only weights, text and rows are kept here.`);
  }
  return null;
}

function refuseZipOf(contents: string): ArtifactCheck {
  if (contents.includes("data.pkl")) {
    return refused(
      "pickle",
      "runs_code",
      `This is a PyTorch file, a zip around a Python pickle. ${RUNS_CODE}; save the weights as safetensors or ONNX.`,
    );
  }
  if (contents.includes("model.weights.h5") || contents.includes("saved_model.pb")) {
    return refused(
      "keras",
      "runs_code",
      `This is a Keras or TensorFlow archive. ${RUNS_CODE}; export it as ONNX or safetensors.`,
    );
  }
  const what = /\.npyPK/.test(contents) ? "zip archive of NumPy arrays (.npz)" : "zip archive";
  return refused(
    "archive",
    "archive",
    `This is a ${what}; upload the files in it one by one, so that each can be checked.`,
  );
}

function isZip(head: Uint8Array, tail: Uint8Array): boolean {
  return bears(head, ["", 0, "PK\x03\x04"]) || bears(head, ["", 0, ZIP_ENDS]) || endsAsZip(tail);
}

function endsAsZip(tail: Uint8Array): boolean {
  for (let at = tail.length - 22; at >= 0; at--) {
    if (!bears(tail, ["", at, ZIP_ENDS])) continue;
    const commentBytes = (tail[at + 20] ?? 0) + 256 * (tail[at + 21] ?? 0);
    if (at + 22 + commentBytes === tail.length) return true;
  }
  return false;
}

/** Old tar files bear no mark, but all say the sum of their first 512 bytes, with spaces in its place. */
function isTar(head: Uint8Array): boolean {
  if (head.length < 512) return false;
  const stated = Number.parseInt(latin1(head.subarray(148, 156)), 8);
  const sum = head
    .subarray(0, 512)
    .reduce((total, byte, at) => total + (at >= 148 && at < 156 ? 32 : byte), 0);
  return stated === sum;
}

function isWindowsProgram(head: Uint8Array): boolean {
  if (!bears(head, ["", 0, "MZ"]) || head.length < 64) return false;
  const at = new DataView(head.buffer, head.byteOffset).getUint32(0x3c, true);
  return bears(head, ["", at, "PE\0\0"]);
}

function bears(bytes: Uint8Array, [, at, mark]: Mark): boolean {
  const wanted = typeof mark === "string" ? [...mark].map((char) => char.charCodeAt(0)) : mark;
  return wanted.every((byte, index) => bytes[at + index] === byte);
}

function latin1(bytes: Uint8Array): string {
  return new TextDecoder("latin1").decode(bytes);
}
