import type { RunContract } from "./run-contract";

/** Two rows that a contract can be asked with; pictures and sounds are named by their file, which the reader brings. */
export function samplesOf({ input }: RunContract): unknown[] {
  switch (input.kind) {
    case "question":
      return [{ question: "Where does Anna live?", context: "Anna lives in Berlin." }];
    case "fields":
      return [1, 2].map((at) =>
        Object.fromEntries(
          input.columns.map(({ name, type }) => [name, type === "text" ? "abc" : String(at)]),
        ),
      );
    case "image":
      return ["picture.png"];
    case "audio":
      return ["sound.wav"];
    case "text":
    case "prepared":
      return ["The parcel came two days late.", "Thank you, that solved it at once!"];
  }
}
