/** Connect four on a small board, with an exact solver. Cells run from the bottom row up. */
export const COLUMNS = 6;
export const ROWS = 5;
const SIZE = COLUMNS * ROWS;
const TABLE_SLOTS = 1 << 21;

/** `x` and `o` alternate; x has the first move. */
export class Position {
  readonly cells = new Int8Array(SIZE);
  readonly heights = new Int8Array(COLUMNS);
  stones = 0;
  /** Every position has its own number: base-3 digits of its cells. */
  key = 0;

  /** 1 or 2: whose move it is. */
  get mover(): 1 | 2 {
    return this.stones % 2 === 0 ? 1 : 2;
  }

  canPlay(column: number): boolean {
    return (this.heights[column] as number) < ROWS;
  }

  play(column: number): void {
    const cell = (this.heights[column] as number) * COLUMNS + column;
    this.cells[cell] = this.mover;
    this.key += this.mover * (digitWeights[cell] as number);
    this.heights[column] = (this.heights[column] as number) + 1;
    this.stones += 1;
  }

  takeBack(column: number): void {
    this.stones -= 1;
    this.heights[column] = (this.heights[column] as number) - 1;
    const cell = (this.heights[column] as number) * COLUMNS + column;
    this.key -= this.mover * (digitWeights[cell] as number);
    this.cells[cell] = 0;
  }

  /** Whether a stone of `side` in this column would make four. */
  wins(column: number, side: number): boolean {
    const cell = (this.heights[column] as number) * COLUMNS + column;
    const others = linesThrough[cell] as Int8Array;
    for (let at = 0; at < others.length; at += 3) {
      const { cells } = this;
      const isFull =
        cells[others[at] as number] === side &&
        cells[others[at + 1] as number] === side &&
        cells[others[at + 2] as number] === side;
      if (isFull) return true;
    }
    return false;
  }

  /** The same board as a mirror shows it has the same text. */
  mirrorFreeText(): string {
    const text = this.toText();
    const mirrored = mirroredText(text);
    return text < mirrored ? text : mirrored;
  }

  /** `x` is the side to move, `o` the other. */
  toText(): string {
    return Array.from(this.cells, (cell) => (cell === 0 ? "." : cell === this.mover ? "x" : "o")).join("");
  }
}

/** The board of a text as a mirror shows it. */
export function mirroredText(text: string): string {
  return Array.from(
    { length: SIZE },
    (_, at) => text[at - (at % COLUMNS) + COLUMNS - 1 - (at % COLUMNS)],
  ).join("");
}

const digitWeights = Array.from({ length: SIZE }, (_, cell) => 3 ** cell);

/** For each cell, the other three cells of every line of four through it, one line after another. */
const linesThrough: Int8Array[] = Array.from({ length: SIZE }, () => new Int8Array());
for (let row = 0; row < ROWS; row += 1) {
  for (let column = 0; column < COLUMNS; column += 1) {
    for (const [right, up] of [
      [1, 0],
      [0, 1],
      [1, 1],
      [-1, 1],
    ] as const) {
      const endColumn = column + 3 * right;
      if (endColumn < 0 || endColumn >= COLUMNS || row + 3 * up >= ROWS) continue;
      const line = [0, 1, 2, 3].map((step) => (row + step * up) * COLUMNS + column + step * right);
      for (const cell of line) {
        const others = line.filter((other) => other !== cell);
        linesThrough[cell] = Int8Array.from([...(linesThrough[cell] ?? []), ...others]);
      }
    }
  }
}

/** Every line of four, as its four cells. */
export function listLines(): number[][] {
  const lines = new Map<string, number[]>();
  linesThrough.forEach((others, cell) => {
    for (let at = 0; at < others.length; at += 3) {
      const line = [cell, ...others.subarray(at, at + 3)].sort((a, b) => a - b);
      lines.set(line.join(), line);
    }
  });
  return [...lines.values()];
}

const orderFromCentre = [2, 3, 1, 4, 0, 5];

/** Exact values by alpha-beta; remembers upper bounds between calls. */
export class Solver {
  private readonly keys = new Float64Array(TABLE_SLOTS).fill(-1);
  private readonly bounds = new Int8Array(TABLE_SLOTS);

  /**
   * Value of each column for the side to move: above zero wins (the sooner the higher),
   * below loses (the later the higher), zero draws; undefined where the column is full.
   */
  valuesOf(position: Position): (number | undefined)[] {
    return Array.from({ length: COLUMNS }, (_, column) => {
      if (!position.canPlay(column)) return undefined;
      if (position.wins(column, position.mover)) return winValue(position.stones);
      position.play(column);
      const value = 0 - this.negamax(position, -SIZE, SIZE);
      position.takeBack(column);
      return value;
    });
  }

  private negamax(position: Position, low: number, high: number): number {
    if (position.stones === SIZE) return 0;
    const { mover } = position;
    let blocked = -1;
    for (let column = 0; column < COLUMNS; column += 1) {
      if (!position.canPlay(column)) continue;
      if (position.wins(column, mover)) return winValue(position.stones);
      if (position.wins(column, 3 - mover)) blocked = blocked < 0 ? column : SIZE;
    }
    if (blocked === SIZE) return -winValue(position.stones + 1);
    const slot = position.key % TABLE_SLOTS;
    const known =
      this.keys[slot] === position.key ? (this.bounds[slot] as number) : winValue(position.stones + 2);
    let ceiling = Math.min(high, known);
    let floor = low;
    if (floor >= ceiling) return ceiling;
    for (const column of orderFromCentre) {
      if (!position.canPlay(column) || (blocked >= 0 && column !== blocked)) continue;
      position.play(column);
      const value = -this.negamax(position, -ceiling, -floor);
      position.takeBack(column);
      if (value >= ceiling) return value;
      floor = Math.max(floor, value);
    }
    this.keys[slot] = position.key;
    this.bounds[slot] = floor;
    ceiling = floor;
    return ceiling;
  }
}

/** What winning with the next stone is worth when this many stones lie. */
function winValue(stones: number): number {
  return Math.floor((SIZE + 2 - stones) / 2);
}
