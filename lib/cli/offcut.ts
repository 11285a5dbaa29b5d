import { runProgram } from "./program";

/** `npm run offcut -- COMMAND …`: checks, signs and hands in evidence, with no server and no database of its own. */

// A reader that went away, such as `head`, is no reason to complain.
process.stdout.on("error", () => process.exit(0));
process.exitCode = await runProgram(process.argv.slice(2), {
  out: (text) => process.stdout.write(text),
  err: (text) => process.stderr.write(text),
  isTerminal: process.stderr.isTTY === true,
});
