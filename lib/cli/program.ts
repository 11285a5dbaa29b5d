import type { Command } from "./command";
import { readInput } from "./command";
import { hashCommand } from "./commands/hash";
import { keygenCommand } from "./commands/keygen";
import { monitorCommand } from "./commands/monitor";
import { signCommand } from "./commands/sign";
import { submitCommand } from "./commands/submit";
import { verifyCommand } from "./commands/verify";
import { exitCodes, usage } from "./ending";
import { type Streams, makeVoice, tellError, tellOutcome } from "./report";

const commands: readonly Command[] = [
  keygenCommand,
  hashCommand,
  signCommand,
  submitCommand,
  verifyCommand,
  monitorCommand,
];

const overview = `offcut: evidence that you check yourself

Usage: npm run -s offcut -- COMMAND [options]

${commands.map(({ name, summary }) => `  ${name.padEnd(9)}${summary}`).join("\n")}

"offcut COMMAND --help" says more. Every command takes --json (one document on standard output), --quiet (no
progress) and --help. Messages go to standard error.

Exit codes
  0  verified, or done
  1  failed: forged, changed, not in the log, or refused
  2  usage: something was asked that makes no sense
  3  unsupported: it cannot be checked here, which says nothing against it
  4  unreachable: no answer, or "later"
  5  untrusted key: well signed, by somebody you have not said you trust
  6  inconsistent log: the log showed two histories; both are kept as evidence`;

/** Runs one command line and returns its exit code. */
export async function runProgram(args: readonly string[], streams: Streams): Promise<number> {
  const isJson = args.includes("--json");
  const [name, ...rest] = args;
  if (name === undefined || name === "--help" || name === "-h" || name === "help") {
    streams.out(`${overview}\n`);
    return name === undefined ? exitCodes.usage : exitCodes.verified;
  }
  const command = commands.find((one) => one.name === name);
  if (!command)
    return tellError(usage(`There is no command "${name}". "offcut --help" lists them.`), isJson, streams);
  const voice = makeVoice(isJson, args.includes("--quiet") || args.includes("-q"), streams);
  try {
    if (rest.includes("--help") || rest.includes("-h")) {
      streams.out(`${command.help}\n`);
      return exitCodes.verified;
    }
    const outcome = await command.run(readInput(command, rest), voice);
    voice.done();
    return tellOutcome(outcome, isJson, streams);
  } catch (error) {
    voice.done();
    return tellError(error, isJson, streams);
  }
}
