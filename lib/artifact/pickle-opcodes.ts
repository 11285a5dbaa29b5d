/** What follows an opcode: nothing, so many bytes, lines of text, or a length of so many bytes and then that much. */
export type Operand =
  | { kind: "bytes"; count: number }
  | { kind: "lines"; count: number }
  | { kind: "counted"; lengthBytes: 1 | 4 | 8 };

/** What an opcode does to the stack, as far as it matters for telling whether bytes are a pickle at all. */
export type Effect =
  /** Takes so many values (or all down to the mark) and leaves these. */
  | { does: "change"; pops: number | "mark"; pushes: readonly Kind[] }
  | { does: "mark" | "pop" | "duplicate" | "stop" | "put" | "get" | "memoize" | "proto" | "nothing" };

/** `tuple` and `named` (found by its name in a module) decide what may be called with what. */
export type Kind = "mark" | "tuple" | "named" | "value";

export type Opcode = { code: number; operand: Operand; effect: Effect };

const bytes = (count: number): Operand => ({ kind: "bytes", count });
const lines = (count: number): Operand => ({ kind: "lines", count });
const counted = (lengthBytes: 1 | 4 | 8): Operand => ({ kind: "counted", lengthBytes });
const change = (pops: number | "mark", ...pushes: Kind[]): Effect => ({ does: "change", pops, pushes });
const NOTHING = bytes(0);

/** Every opcode of protocols 0 to 5, by its byte. */
const table: readonly (readonly [codes: string, operand: Operand, effect: Effect])[] = [
  ["(", NOTHING, { does: "mark" }],
  [".", NOTHING, { does: "stop" }],
  ["0", NOTHING, { does: "pop" }],
  ["1", NOTHING, change("mark")],
  ["2", NOTHING, { does: "duplicate" }],
  ["FILVS", lines(1), change(0, "value")],
  ["P", lines(1), change(0, "value")],
  ["Q", NOTHING, change(1, "value")],
  ["N\x88\x89]}\x8f\x97", NOTHING, change(0, "value")],
  ["K", bytes(1), change(0, "value")],
  ["M", bytes(2), change(0, "value")],
  ["J", bytes(4), change(0, "value")],
  ["G", bytes(8), change(0, "value")],
  ["U\x8cC\x8a", counted(1), change(0, "value")],
  ["TXB\x8b", counted(4), change(0, "value")],
  ["\x8d\x8e\x96", counted(8), change(0, "value")],
  [")", NOTHING, change(0, "tuple")],
  ["t", NOTHING, change("mark", "tuple")],
  ["\x85", NOTHING, change(1, "tuple")],
  ["\x86", NOTHING, change(2, "tuple")],
  ["\x87", NOTHING, change(3, "tuple")],
  ["ld\x91", NOTHING, change("mark", "value")],
  ["a", NOTHING, change(2, "value")],
  ["s", NOTHING, change(3, "value")],
  ["eu\x90", NOTHING, change("mark")],
  ["c", lines(2), change(0, "named")],
  ["\x93", NOTHING, change(2, "named")],
  ["\x82", bytes(1), change(0, "named")],
  ["\x83", bytes(2), change(0, "named")],
  ["\x84", bytes(4), change(0, "named")],
  ["i", lines(2), change("mark", "value")],
  ["o", NOTHING, change("mark", "value")],
  ["Rb\x81", NOTHING, change(2, "value")],
  ["\x92", NOTHING, change(3, "value")],
  ["p", lines(1), { does: "put" }],
  ["q", bytes(1), { does: "put" }],
  ["r", bytes(4), { does: "put" }],
  ["\x94", NOTHING, { does: "memoize" }],
  ["g", lines(1), { does: "get" }],
  ["h", bytes(1), { does: "get" }],
  ["j", bytes(4), { does: "get" }],
  ["\x80", bytes(1), { does: "proto" }],
  ["\x95", bytes(8), { does: "nothing" }],
  ["\x98", NOTHING, change(1, "value")],
];

export const opcodes: ReadonlyMap<number, Opcode> = new Map(
  table.flatMap(([codes, operand, effect]) =>
    [...codes].map((char) => {
      const code = char.charCodeAt(0);
      return [code, { code, operand, effect }] as const;
    }),
  ),
);
