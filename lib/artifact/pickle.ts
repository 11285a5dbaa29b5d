import { type Kind, type Opcode, opcodes } from "./pickle-opcodes";
import {
  type ArtifactCheck,
  type ArtifactReader,
  StructureCursor,
  StructureError,
  refused,
} from "./structure-cursor";

export const RUNS_CODE = "Opening it can run any program that was put into it";

/** More is not followed. */
const MAX_STEPS = 200_000;
const HEAD_BYTES = 66_000;
const PADDING_BYTES = 4;
const HIGHEST_PROTOCOL = 5;
/** Longer than any name of a module or a class. */
const SHOWN_LINE_BYTES = 1_000;

export function refusePickle(where = ""): ArtifactCheck {
  const reason = `This is a Python pickle${where}. ${RUNS_CODE}; save the weights as safetensors or ONNX.`;
  return refused("pickle", "runs_code", reason);
}

/**
 * Whether Python's `pickle` would open these bytes, of any protocol from 0 to 5 and also behind padding. They are
 * followed opcode by opcode with the stack they would build, so that text which merely opens with the same letters is
 * none: a pickle runs code once something it found by name is called, or it ends where the file ends, or it bears the
 * mark of protocol 2 and goes on as one. Reads at most 64 MB; throws StructureError `too_large` beyond.
 */
export async function isPickle(reader: ArtifactReader): Promise<boolean> {
  const head = await reader.read(0, Math.min(HEAD_BYTES, reader.sizeBytes));
  for (const start of startsOf(head)) {
    if (await new PickleWalk(new StructureCursor(reader), start).isPickle()) return true;
  }
  return false;
}

/** Where it might begin: at once, after space and zeros, and after a run of one byte. */
function startsOf(head: Uint8Array): Set<number> {
  const afterSpace = head.findIndex((byte) => ![0, 9, 10, 12, 13, 32].includes(byte));
  const afterRun = head.findIndex((byte) => byte !== head[0]);
  return new Set([0, Math.max(0, afterSpace), afterRun >= PADDING_BYTES ? afterRun : 0]);
}

class PickleWalk {
  private stack: Kind[] = [];
  private memo = new Map<string, Kind>();
  private steps = 0;
  private hasMark = false;

  constructor(
    private readonly cursor: StructureCursor,
    start: number,
  ) {
    cursor.skip(start);
  }

  async isPickle(): Promise<boolean> {
    try {
      while (this.cursor.position < this.cursor.sizeBytes) {
        if (this.steps >= MAX_STEPS) return this.goesOn();
        const opcode = opcodes.get((await this.cursor.take(1))[0] ?? 0);
        if (!opcode) break;
        const operand = await this.operandOf(opcode);
        if (operand === null) break;
        if (this.calls(opcode)) return true;
        if (!this.apply(opcode, operand)) break;
        this.steps += 1;
        if (opcode.effect.does === "stop" && (this.hasMark || (await this.isAtEnd()))) return true;
      }
    } catch (error) {
      if (!(error instanceof StructureError) || error.code !== "truncated") throw error;
    }
    return this.hasMark && this.steps >= 3;
  }

  private goesOn(): boolean {
    if (this.hasMark) return true;
    throw new StructureError("too_large", "It could be a Python pickle and is too long to be told from one.");
  }

  /** Its operand where it decides something, "" where it does not, null where it cannot be one. */
  private async operandOf({ code, operand }: Opcode): Promise<string | null> {
    const { cursor } = this;
    if (operand.kind === "bytes") {
      const bytes = await cursor.take(operand.count);
      return operand.count > 4
        ? ""
        : [...bytes]
            .reverse()
            .reduce((sum, byte) => sum * 256 + byte, 0)
            .toString();
    }
    if (operand.kind === "counted") {
      const bytes = await cursor.take(operand.lengthBytes);
      cursor.skip([...bytes].reverse().reduce((sum, byte) => sum * 256 + byte, 0));
      return "";
    }
    const lines: string[] = [];
    for (let index = 0; index < operand.count; index++) {
      lines.push(latin1(await cursor.takeLine(SHOWN_LINE_BYTES)));
    }
    if (!canFollow(String.fromCharCode(code), lines)) return null;
    return "pg".includes(String.fromCharCode(code)) ? String(Number(lines[0])) : "";
  }

  /** Something found by its name is called, or told to take a state over. */
  private calls({ code }: Opcode): boolean {
    const { stack } = this;
    const [third, below, top] = [stack.at(-3), stack.at(-2), stack.at(-1)];
    switch (String.fromCharCode(code)) {
      case "R":
      case "\x81":
        return below === "named" && top === "tuple";
      case "\x92":
        return third === "named" && below === "tuple";
      case "b":
        return below === "named" && top !== "named" && top !== "mark";
      case "i":
        return stack.includes("mark");
      case "o":
        return stack[stack.lastIndexOf("mark") + 1] === "named" && stack.includes("mark");
      default:
        return false;
    }
  }

  /** False where the stack does not hold what the opcode takes: then this is no pickle. */
  private apply({ effect }: Opcode, operand: string): boolean {
    const { stack } = this;
    const top = stack.at(-1);
    switch (effect.does) {
      case "mark":
        stack.push("mark");
        return true;
      case "proto":
        this.hasMark = Number(operand) <= HIGHEST_PROTOCOL;
        return this.hasMark;
      case "nothing":
        return true;
      case "pop":
        return stack.pop() !== undefined;
      case "duplicate":
        if (top) stack.push(top);
        return top !== undefined;
      case "put":
      case "memoize":
        if (top) this.memo.set(effect.does === "put" ? operand : String(this.memo.size), top);
        return top !== undefined && top !== "mark";
      case "get": {
        const kept = this.memo.get(operand);
        if (kept) stack.push(kept);
        return kept !== undefined;
      }
      case "stop": {
        const isWhole = top !== undefined && top !== "mark";
        this.stack = [];
        return isWhole;
      }
      case "change":
        return this.change(effect.pops, effect.pushes);
    }
  }

  private change(pops: number | "mark", pushes: readonly Kind[]): boolean {
    const { stack } = this;
    const from = pops === "mark" ? stack.lastIndexOf("mark") : stack.length - pops;
    if (from < 0 || (pops !== "mark" && stack.slice(from).includes("mark"))) return false;
    stack.splice(from);
    stack.push(...pushes);
    return true;
  }

  private async isAtEnd(): Promise<boolean> {
    const rest = this.cursor.sizeBytes - this.cursor.position;
    if (rest > 2) return false;
    return latin1(await this.cursor.take(rest)).trim() === "";
  }
}

/** Whether Python would take these lines: quoted text, names of modules, indexes of the memo. */
function canFollow(char: string, lines: readonly string[]): boolean {
  if (char === "S")
    return /^\s*(["']).*\1\s*$/s.test(lines[0] ?? "") || (lines[0] ?? "").length === SHOWN_LINE_BYTES;
  if ("ci".includes(char)) return lines.every((line) => /^[\w.\x80-\xff]+$/.test(line));
  if ("pg".includes(char)) return /^\d+\s*$/.test(lines[0] ?? "");
  return true;
}

function latin1(bytes: Uint8Array): string {
  return String.fromCharCode(...bytes);
}
