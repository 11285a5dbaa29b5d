/** Decodes a sound, and says what is heard of it. */
import decode from "@audio/decode-wav";

const MAX_SECONDS = 120;
/** Zero crossings of the sinc on either side, under a Hann window. */
const CROSSINGS = 16;

/** The samples of a WAV file, its channels mixed, at that rate. Throws for what is no sound, or longer than two minutes. */
export async function samplesOf(base64, samplesPerSecond) {
  const { channelData, sampleRate } = decode(Buffer.from(base64, "base64"));
  const [first] = channelData;
  if (!first || first.length === 0 || !(sampleRate > 0)) throw new Error("there is no sound in it");
  if (first.length / sampleRate > MAX_SECONDS) throw new Error(`it is longer than ${MAX_SECONDS} seconds`);
  const mixed = first.map(
    (_, at) => channelData.reduce((sum, channel) => sum + channel[at], 0) / channelData.length,
  );
  return { samples: resampled(mixed, sampleRate, samplesPerSecond), seen: heard(mixed, sampleRate) };
}

/** The columns of a sound: see `lib/measurement/input-columns.ts`. */
function heard(samples, sampleRate) {
  const power = samples.reduce((sum, sample) => sum + sample * sample, 0) / samples.length;
  const decibels = power === 0 ? -120 : Math.max(-120, 10 * Math.log10(power));
  return {
    audio_seconds: String(Math.round((100 * samples.length) / sampleRate) / 100),
    audio_loudness_db: String(Math.round(10 * decibels) / 10),
  };
}

/** By a windowed sinc whose band ends at the lower of both rates, so that nothing folds back. */
function resampled(samples, from, to) {
  if (from === to) return Float32Array.from(samples);
  const band = Math.min(1, to / from);
  const reach = CROSSINGS / band;
  return Float32Array.from({ length: Math.round((samples.length * to) / from) }, (_, at) => {
    const middle = (at * from) / to;
    let sum = 0;
    for (let near = Math.ceil(middle - reach); near <= middle + reach; near += 1)
      sum += (samples[near] ?? 0) * band * windowedSinc((near - middle) * band);
    return sum;
  });
}

function windowedSinc(x) {
  if (x === 0) return 1;
  return (Math.sin(Math.PI * x) / (Math.PI * x)) * (0.5 + 0.5 * Math.cos((Math.PI * x) / CROSSINGS));
}
