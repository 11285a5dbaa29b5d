/**
 * Plays connect four on a board of six columns and five rows by reflex.
 *
 * Needs no package: positions come from seeded games, the best move from the exact
 * solver in training/connect-four.ts. Only positions with exactly one best move are
 * kept (win soonest, otherwise draw, otherwise lose latest). Each of the three files
 * comes from games of its own; no position, nor its mirror image, is in two of them.
 */
import { columnCountOf } from "@/lib/inference/features";
import { type Preprocessing } from "@/lib/inference/preprocessing";
import { COLUMNS, listLines, mirroredText, Position, ROWS, Solver } from "../training/connect-four";
import { runTraining } from "../training/command-line";
import { fitOnnx, loadRows, saveRows } from "../training/fit";
import type { Layer } from "../training/network";
import { mulberry32 } from "../training/random";
import type { DemoRow, RowFile } from "../training/row-file";

const slug = "connect-four-reflexes";
const classes = Array.from({ length: COLUMNS }, (_, column) => `column ${column + 1}`);
const flags = ["can-win-now", "must-block", "two-threats", "quiet", "up-to-13-stones", "20-or-more-stones"];
const spec: Preprocessing = { kind: "board", version: 1, columns: COLUMNS, rows: ROWS };
const counts = { training: 12_000, discovery: 2_000, attestation: 4_000 };
const FEWEST_STONES = 10;
const MOST_STONES = 24;

/** The model file, from the committed rows. */
export function train(): Uint8Array {
  const options = {
    hidden: [],
    epochs: 40,
    batchSize: 32,
    learningRate: 0.01,
    weightDecay: 0.00003,
    seed: 1974,
  };
  return fitOnnx(slug, spec, options, reflexes());
}

/**
 * The first layer is drawn by hand: one detector for "three of a line and a stone can
 * land on the fourth", for each side, and the board itself. What to do about it is learned.
 */
function reflexes(): Layer {
  const size = COLUMNS * ROWS;
  const inputs = columnCountOf(spec);
  const threes = listLines().flatMap((line) =>
    line.map((gap) => ({ gap, others: line.filter((cell) => cell !== gap) })),
  );
  const detectors = [0, size].flatMap((plane) =>
    threes.map(({ gap, others }) => [2 * size + gap, ...others.map((cell) => plane + cell)]),
  );
  const outputs = detectors.length + inputs;
  const weights = new Float32Array(inputs * outputs);
  const bias = new Float32Array(outputs);
  detectors.forEach((columns, detector) => {
    for (const column of columns) weights[column * outputs + detector] = 1;
    bias[detector] = -3;
  });
  for (let column = 0; column < inputs; column += 1)
    weights[column * outputs + detectors.length + column] = 1;
  return { inputs, outputs, weights, bias };
}

function collect(): void {
  const solver = new Solver();
  const seen = new Set<string>();
  let game = 0;
  for (const split of ["attestation", "discovery", "training"] as const) {
    const rows: DemoRow[] = [];
    while (rows.length < counts[split]) {
      game += 1;
      const position = positionOfGame(game);
      const row =
        position && !seen.has(position.mirrorFreeText()) ? rowOf(position, solver, game) : undefined;
      if (!position || !row) continue;
      seen.add(position.mirrorFreeText());
      rows.push(row);
    }
    saveRows(slug, split, classes, flags, rows);
  }
}

/**
 * Positions of other games, for somebody who judges the model anew: none of them, nor its mirror image, is in a
 * committed file. The first game's number must lie above every number used for those.
 */
export function drawFreshRows(firstGame: number, count: number): RowFile {
  const seen = new Set<string>();
  for (const split of ["attestation", "discovery", "training"] as const) {
    for (const { features } of loadRows(slug, split).rows) {
      if (features.kind === "board") seen.add(features.cells).add(mirroredText(features.cells));
    }
  }
  const solver = new Solver();
  const rows: DemoRow[] = [];
  for (let game = firstGame; rows.length < count; game += 1) {
    const position = positionOfGame(game);
    const row = position && !seen.has(position.toText()) ? rowOf(position, solver, game) : undefined;
    if (!position || !row) continue;
    seen.add(position.toText()).add(mirroredText(position.toText()));
    rows.push(row);
  }
  return { model: slug, split: "attestation", classes, flags, rows };
}

/** One position of a seeded game between players who see a win or a block two times in three. */
function positionOfGame(game: number): Position | undefined {
  const random = mulberry32(game);
  const position = new Position();
  const target = FEWEST_STONES + Math.floor(random() * (MOST_STONES - FEWEST_STONES + 1));
  while (position.stones < target) {
    const open = openColumns(position);
    const column = attentive(position, open, random) ?? open[Math.floor(random() * open.length)];
    if (column === undefined || position.wins(column, position.mover)) return undefined;
    position.play(column);
  }
  return openColumns(position).length > 1 ? position : undefined;
}

function attentive(position: Position, open: number[], random: () => number): number | undefined {
  if (random() > 2 / 3) return undefined;
  return (
    open.find((column) => position.wins(column, position.mover)) ??
    open.find((column) => position.wins(column, 3 - position.mover))
  );
}

function openColumns(position: Position): number[] {
  return classes.map((_, column) => column).filter((column) => position.canPlay(column));
}

function rowOf(position: Position, solver: Solver, game: number): DemoRow | undefined {
  const values = solver.valuesOf(position);
  const best = Math.max(...values.map((value) => value ?? -Infinity));
  if (values.filter((value) => value === best).length !== 1) return undefined;
  const open = openColumns(position);
  const canWin = open.some((column) => position.wins(column, position.mover));
  const threats = open.filter((column) => position.wins(column, 3 - position.mover)).length;
  const marks = [
    canWin && "can-win-now",
    !canWin && threats === 1 && "must-block",
    !canWin && threats > 1 && "two-threats",
    !canWin && threats === 0 && "quiet",
    position.stones <= 13 && "up-to-13-stones",
    position.stones >= 20 && "20-or-more-stones",
  ];
  return {
    label: classes[values.indexOf(best)] ?? "",
    flags: marks.filter((mark): mark is string => typeof mark === "string"),
    cluster: game,
    features: { kind: "board", cells: position.toText() },
  };
}

await runTraining(import.meta.filename, slug, collect, train);
