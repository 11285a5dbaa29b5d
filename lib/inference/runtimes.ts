/** The runtimes that answer here, at the versions that are installed: a test holds them against the packages. */
export const runtimes = {
  onnx: { name: "onnxruntime-node", version: "1.30.0" },
  transformers: { name: "@huggingface/transformers", version: "4.3.2" },
  gguf: { name: "node-llama-cpp", version: "3.21.1" },
  fasttext: { name: "fasttext.wasm.js", version: "1.0.0" },
  "cld3-asm": { name: "cld3-asm", version: "4.0.0" },
} as const;
