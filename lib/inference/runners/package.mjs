/** Runs a model that a package brings, by the name its contract pins. */
const packages = {
  "cld3-asm": openLanguageDetector,
  "@ricky0123/vad-web": async () => (await import("./silero.mjs")).open(),
};

export async function open({ contract }) {
  const opened = packages[contract.entry];
  if (!opened) throw new Error(`the package ${contract.entry} is not run here`);
  return opened();
}

const MAX_BYTES = 4_096;

async function openLanguageDetector() {
  const { loadModule } = await import("cld3-asm");
  const detector = (await loadModule()).create(0, MAX_BYTES);
  return {
    answer: async (rows) =>
      rows.map(({ text }) => {
        const { language, probability } = detector.findLanguage(text);
        return { label: language, score: probability };
      }),
  };
}
