/**
 * Runs the Silero voice detector, version 5, as the package @ricky0123/vad-web brings it: is there speech in a clip of sound?
 *
 * A WAV file of any rate is taken to 16,000 samples a second along straight lines between its own, its channels averaged,
 * and read in frames of 512 (32 ms), each with the last 64 samples of the one before and the state of the network.
 * The score of speech is the sixth highest of the frames: that much is held for about a fifth of a second in all.
 */
import { createRequire } from "node:module";
import path from "node:path";
import decode from "@audio/decode-wav";
import ort from "onnxruntime-node";

const RATE = 16_000;
const FRAME = 512;
const CONTEXT = 64;
const STATE = [2, 1, 128];
const HELD_FRAMES = 6;
const MAX_SECONDS = 600;

export async function open() {
  const folder = path.dirname(createRequire(import.meta.url).resolve("@ricky0123/vad-web"));
  const session = await ort.InferenceSession.create(path.join(folder, "silero_vad_v5.onnx"), {
    intraOpNumThreads: 1,
    interOpNumThreads: 1,
    executionMode: "sequential",
    logSeverityLevel: 4,
  });
  const answer = async (rows) => {
    const answers = [];
    for (const { base64 } of rows) answers.push(await answerOf(session, base64));
    return answers;
  };
  return { answer };
}

async function answerOf(session, base64) {
  const sound = soundOf(base64);
  if (sound.refused) return sound;
  const held = (await speechOf(session, sound.samples)).sort((a, b) => b - a);
  const speech = held[Math.min(HELD_FRAMES, held.length) - 1];
  const scores = [
    { label: "speech", score: speech },
    { label: "no speech", score: 1 - speech },
  ].sort((a, b) => b.score - a.score);
  return { ...scores[0], scores, seen: sound.seen };
}

/** The samples at 16 kHz, and what is seen of them: see `lib/measurement/input-columns.ts`. */
function soundOf(base64) {
  const decoded = decodedOf(base64);
  if (!decoded) return { refused: "This is not a WAV file that can be read." };
  const { channelData, sampleRate } = decoded;
  const own = mixed(channelData);
  const seconds = own.length / sampleRate;
  if (seconds > MAX_SECONDS) return { refused: `A clip has at most ${MAX_SECONDS} seconds.` };
  const power = own.reduce((sum, sample) => sum + sample * sample, 0) / own.length;
  if (!Number.isFinite(power)) return { refused: "A sample is not a number." };
  const seen = {
    audio_seconds: String(Math.round(seconds * 100) / 100),
    audio_loudness_db: (10 * Math.log10(Math.max(power, 1e-12))).toFixed(1),
  };
  return { samples: resampled(own, sampleRate), seen };
}

function decodedOf(base64) {
  try {
    const decoded = decode(Buffer.from(base64, "base64"));
    return decoded.channelData[0]?.length > 0 && decoded.sampleRate > 0 ? decoded : null;
  } catch {
    return null;
  }
}

function mixed(channels) {
  if (channels.length === 1) return channels[0];
  return channels[0].map(
    (_, at) => channels.reduce((sum, channel) => sum + channel[at], 0) / channels.length,
  );
}

function resampled(own, rate) {
  if (rate === RATE) return own;
  return Float32Array.from({ length: Math.floor((own.length * RATE) / rate) }, (_, at) => {
    const place = (at * rate) / RATE;
    const before = Math.floor(place);
    const next = own[Math.min(before + 1, own.length - 1)];
    return own[before] + (next - own[before]) * (place - before);
  });
}

/** The probability of speech of each frame; the last is filled up with silence. */
async function speechOf(session, samples) {
  const sr = new ort.Tensor("int64", BigInt64Array.of(BigInt(RATE)), []);
  let state = new ort.Tensor("float32", new Float32Array(STATE[0] * STATE[1] * STATE[2]), STATE);
  let input = new Float32Array(CONTEXT + FRAME);
  const probabilities = [];
  for (let first = 0; first < samples.length; first += FRAME) {
    const context = input.slice(-CONTEXT);
    input = new Float32Array(CONTEXT + FRAME);
    input.set(context);
    input.set(samples.subarray(first, first + FRAME), CONTEXT);
    const tensor = new ort.Tensor("float32", input, [1, input.length]);
    const { output, stateN } = await session.run({ input: tensor, state, sr });
    state = stateN;
    probabilities.push(output.data[0]);
  }
  return probabilities;
}
