import { type ParseArgsOptionsConfig, parseArgs } from "node:util";
import { type Ending, usage } from "./ending";

/** What a command gives back: how it ended, a result for machines and lines for people. */
export type Outcome = { ending: Ending; result: Record<string, unknown>; lines: readonly string[] };

/** Values of options and what stood beside them. */
export type Input = {
  positionals: readonly string[];
  text: (name: string) => string | undefined;
  texts: (name: string) => readonly string[];
  isSet: (name: string) => boolean;
};

/** What a command may say while it works: how far it is, and outcomes on the way of one that goes on. */
export type Voice = { progress: (text: string) => void; tell: (outcome: Outcome) => void };

export type Command = {
  name: string;
  /** One line for the list of commands. */
  summary: string;
  help: string;
  options: ParseArgsOptionsConfig;
  run: (input: Input, voice: Voice) => Promise<Outcome>;
};

const everywhere: ParseArgsOptionsConfig = {
  json: { type: "boolean" },
  help: { type: "boolean", short: "h" },
  quiet: { type: "boolean", short: "q" },
};

/** Reads the arguments behind a command's name. Throws a usage refusal for what the command does not know. */
export function readInput(command: Command, args: readonly string[]): Input {
  try {
    const { values, positionals } = parseArgs({
      args: [...args],
      options: { ...command.options, ...everywhere },
      allowPositionals: true,
      strict: true,
    });
    return inputOf(values as Record<string, unknown>, positionals);
  } catch (error) {
    const problem = error instanceof Error ? error.message.split(". ")[0] : String(error);
    throw usage(`${problem}. "offcut ${command.name} --help" lists what it takes.`);
  }
}

function inputOf(values: Record<string, unknown>, positionals: readonly string[]): Input {
  const texts = (name: string) => {
    const value = values[name];
    const list: unknown[] = Array.isArray(value) ? value : [value];
    return list.filter((one) => typeof one === "string");
  };
  return { positionals, texts, text: (name) => texts(name).at(-1), isSet: (name) => values[name] === true };
}

/** The only thing named. Throws a usage refusal for none or several. */
export function onlyPositional(input: Input, what: string): string {
  const [only, ...others] = input.positionals;
  if (only === undefined || others.length > 0) throw usage(`Name one ${what}.`);
  return only;
}
