/** Sound as a telephone line carries it: 8,000 samples a second, from -1 to 1. For making rows only. */
export type Sound = Float32Array;

const RATE = 8_000;
/** 0.704 seconds: 22 frames of 512 at 16,000 samples a second. */
const CLIP = 5_632;
const STEP = 400;

/** The loudest stretch of a sound as long as a clip; a shorter sound is followed by silence. */
export function loudestClip(sound: Sound): Sound {
  let best = 0;
  let most = -1;
  for (let from = 0; from === 0 || from + CLIP <= sound.length; from += STEP) {
    const energy = energyOf(sound.subarray(from, from + CLIP));
    if (energy > most) [best, most] = [from, energy];
  }
  const clip = new Float32Array(CLIP);
  clip.set(sound.subarray(best, best + CLIP));
  return clip;
}

/** The same at a root mean square of so many decibels of full scale. */
export function atLoudness(sound: Sound, decibels: number): Sound {
  const gain = 10 ** (decibels / 20) / Math.sqrt(energyOf(sound) / sound.length || 1);
  return sound.map((sample) => sample * gain);
}

export function mixedSound(one: Sound, other: Sound): Sound {
  return one.map((sample, at) => sample + (other[at] ?? 0));
}

export function lineNoise(decibels: number, random: () => number): Sound {
  return atLoudness(
    Float32Array.from({ length: CLIP }, () => random() * 2 - 1),
    decibels,
  );
}

const LOW_KEYS = [697, 770, 852, 941];
const HIGH_KEYS = [1_209, 1_336, 1_477];

/** A key that is pressed, a dial tone or a busy one, cut by its own beat. */
export function telephoneTone(decibels: number, random: () => number): Sound {
  const pick = <T>(choices: readonly T[]) => choices[Math.floor(random() * choices.length)] as T;
  const pair = pick([
    [350, 440],
    [480, 620],
    [440, 480],
    [pick(LOW_KEYS), pick(HIGH_KEYS)],
  ]);
  const beat = 0.1 + 0.5 * random();
  const tone = Float32Array.from({ length: CLIP }, (_, at) => {
    const seconds = at / RATE;
    const isOn = seconds % (2 * beat) < beat;
    return isOn ? pair.reduce((sum, hertz) => sum + Math.sin(2 * Math.PI * hertz * seconds), 0) : 0;
  });
  return atLoudness(tone, decibels);
}

const HEADER_BYTES = 46;
const MU_LAW = 7;

/** A WAV file of one channel in µ-law (ITU-T G.711), a byte a sample. */
export function telephoneWav(sound: Sound): Buffer {
  const file = Buffer.alloc(HEADER_BYTES + sound.length);
  file.write("RIFF", 0, "latin1");
  file.writeUInt32LE(file.length - 8, 4);
  file.write("WAVEfmt ", 8, "latin1");
  file.writeUInt32LE(18, 16);
  file.writeUInt16LE(MU_LAW, 20);
  file.writeUInt16LE(1, 22);
  file.writeUInt32LE(RATE, 24);
  file.writeUInt32LE(RATE, 28);
  file.writeUInt16LE(1, 32);
  file.writeUInt16LE(8, 34);
  file.write("data", 38, "latin1");
  file.writeUInt32LE(sound.length, 42);
  sound.forEach((sample, at) => (file[HEADER_BYTES + at] = muLaw(sample)));
  return file;
}

const BIAS = 132;
const MOST = 32_635;

function muLaw(sample: number): number {
  const level = Math.min(MOST, Math.round(Math.abs(sample) * 32_768)) + BIAS;
  const segment = Math.floor(Math.log2(level)) - 7;
  const step = (level >> (segment + 3)) & 15;
  return ~((sample < 0 ? 128 : 0) | (segment << 4) | step) & 255;
}

function energyOf(sound: Sound): number {
  return sound.reduce((sum, sample) => sum + sample * sample, 0);
}
