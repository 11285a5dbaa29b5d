/**
 * Runs one model in a process of its own. Nothing of this file is bundled: the parent
 * starts it with an empty environment, in an empty folder, and kills its whole group
 * when time is up.
 *
 * In:  uint32 big-endian length, JSON header, then the model bytes and the rows.
 * Out: uint32 big-endian length, JSON header, then probabilities as 32-bit floats.
 */
import { networkInterfaces } from "node:os";

const request = await readRequest();
try {
  const answer = await run(request);
  reply(answer.header, answer.body);
} catch (error) {
  reply({ ok: false, message: String(error?.message ?? error).slice(0, 500) });
}

async function run({ header, body }) {
  if (header.runtime === "probe") return { header: await probe() };
  if (header.runtime === "cld3") return detectLanguages(header, body);
  return runOnnx(header, body);
}

/** Loads the native runtime once and says what this process can reach. */
async function probe() {
  await import("onnxruntime-node");
  const outside = Object.values(networkInterfaces())
    .flat()
    .filter((address) => !address.internal);
  return { ok: true, userId: process.getuid?.() ?? null, hasNetwork: outside.length > 0 };
}

async function runOnnx(header, body) {
  const ort = (await import("onnxruntime-node")).default;
  const session = await ort.InferenceSession.create(new Uint8Array(body.subarray(0, header.modelBytes)), {
    intraOpNumThreads: header.threads,
    interOpNumThreads: header.threads,
    executionMode: "sequential",
    logSeverityLevel: 4,
  });
  const matrix = new Float32Array(header.rows * header.columns);
  Buffer.from(matrix.buffer).set(body.subarray(header.modelBytes));
  const answers = new Float32Array(header.rows * header.classes);
  const startedAt = performance.now();
  for (let first = 0; first < header.rows; first += header.rowsPerCall) {
    const rows = Math.min(header.rowsPerCall, header.rows - first);
    const slice = matrix.subarray(first * header.columns, (first + rows) * header.columns);
    const input = new ort.Tensor("float32", slice, [rows, header.columns]);
    const { [header.output]: output } = await session.run({ [header.input]: input });
    if (output?.type !== "float32" || output.data.length !== rows * header.classes) {
      throw new Error("the model answered in another shape than it declares");
    }
    answers.set(output.data, first * header.classes);
  }
  const computeMilliseconds = performance.now() - startedAt;
  return { header: { ok: true, computeMilliseconds }, body: Buffer.from(answers.buffer) };
}

async function detectLanguages(header, body) {
  const { loadModule } = await import("cld3-asm");
  const factory = await loadModule();
  const detector = factory.create(0, header.maxBytes);
  const texts = JSON.parse(body.toString("utf8"));
  const startedAt = performance.now();
  const answers = texts.map((text) => {
    const { language, probability } = detector.findLanguage(text);
    return [language, probability];
  });
  const computeMilliseconds = performance.now() - startedAt;
  detector.dispose();
  return { header: { ok: true, computeMilliseconds }, body: Buffer.from(JSON.stringify(answers)) };
}

async function readRequest() {
  const chunks = [];
  for await (const chunk of process.stdin) chunks.push(chunk);
  const whole = Buffer.concat(chunks);
  const length = whole.readUInt32BE(0);
  return {
    header: JSON.parse(whole.subarray(4, 4 + length).toString("utf8")),
    body: whole.subarray(4 + length),
  };
}

function reply(header, body = Buffer.alloc(0)) {
  const head = Buffer.from(JSON.stringify(header));
  const length = Buffer.alloc(4);
  length.writeUInt32BE(head.length);
  process.stdout.write(Buffer.concat([length, head, body]), () => process.exit(0));
}
