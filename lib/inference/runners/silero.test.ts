import { describe, expect, it } from "vitest";
import { runBundle } from "../commands/run-model";
import { packageContract } from "../self-described";

const contract = packageContract("@ricky0123/vad-web", ["speech", "no speech"]);
const answersTo = async (...files: Buffer[]) => {
  const rows = files.map((file) => ({ kind: "audio" as const, base64: file.toString("base64") }));
  return (await runBundle({ files: [], contract, isForeign: false }, rows)).predictions;
};

/** A WAV file of one second of a tone, in 16-bit samples. */
function toneFile(samplesPerSecond: number, channels: number): Buffer {
  const samples = Int16Array.from({ length: samplesPerSecond * channels }, (_, at) =>
    Math.round(16_384 * Math.sin((2 * Math.PI * 440 * Math.floor(at / channels)) / samplesPerSecond)),
  );
  const head = Buffer.alloc(44);
  head.write("RIFF", 0, "latin1");
  head.writeUInt32LE(36 + samples.byteLength, 4);
  head.write("WAVEfmt ", 8, "latin1");
  head.writeUInt32LE(16, 16);
  head.writeUInt16LE(1, 20);
  head.writeUInt16LE(channels, 22);
  head.writeUInt32LE(samplesPerSecond, 24);
  head.writeUInt32LE(samplesPerSecond * channels * 2, 28);
  head.writeUInt16LE(channels * 2, 32);
  head.writeUInt16LE(16, 34);
  head.write("data", 36, "latin1");
  head.writeUInt32LE(samples.byteLength, 40);
  return Buffer.concat([head, Buffer.from(samples.buffer)]);
}

describe("the voice detector", () => {
  it("hears no voice in a tone, at any rate and in any number of channels, and says how long and loud it is", async () => {
    const answers = await answersTo(toneFile(8_000, 1), toneFile(16_000, 1), toneFile(44_100, 2));
    for (const answer of answers) {
      expect(answer.prediction).toBe("no speech");
      expect(answer.seen).toEqual({ audio_seconds: "1", audio_loudness_db: "-9.0" });
    }
  });

  it("answers a clip alike after another one and by itself: nothing is carried over", async () => {
    const tone = toneFile(8_000, 1);
    const [alone] = await answersTo(tone);
    const [, after] = await answersTo(toneFile(16_000, 1), tone);
    expect(after!.probability).toBe(alone!.probability);
  });

  it("refuses what is no sound by itself, and answers the others", async () => {
    const [none, empty, tone] = await answersTo(
      Buffer.from("RIFF but no more"),
      toneFile(8_000, 1).subarray(0, 44),
      toneFile(8_000, 1),
    );
    expect(none!.refused).toBe("This is not a WAV file that can be read.");
    expect(empty!.refused).toBe("This is not a WAV file that can be read.");
    expect(tone!.prediction).toBe("no speech");
  });
});
