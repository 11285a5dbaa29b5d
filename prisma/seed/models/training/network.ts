import { mulberry32, shuffled } from "./random";

/** One fully connected layer; `weights` is row by row, inputs × outputs. */
export type Layer = { inputs: number; outputs: number; weights: Float32Array; bias: Float32Array };

/** Layers with ReLU between them and softmax after the last. */
export type Network = { layers: Layer[] };

export type TrainingOptions = {
  hidden: readonly number[];
  epochs: number;
  batchSize: number;
  learningRate: number;
  weightDecay: number;
  seed: number;
};

type Moments = { first: Float64Array; second: Float64Array };
type State = { values: Float64Array; gradient: Float64Array; moments: Moments };
type TrainedLayer = { inputs: number; outputs: number; weights: State; bias: State };

/**
 * Fits a softmax classifier by Adam in 64-bit arithmetic and a fixed order, so that the
 * same rows and options give the same bytes. `matrix` is row by row; zeros are skipped.
 */
export function trainNetwork(
  matrix: Float32Array,
  labels: readonly number[],
  classCount: number,
  options: TrainingOptions,
): Network {
  const columnCount = matrix.length / labels.length;
  const random = mulberry32(options.seed);
  const sizes = [columnCount, ...options.hidden, classCount];
  const layers = sizes.slice(1).map((outputs, index) => newLayer(sizes[index] ?? 0, outputs, random));
  const rows = labels.map((_, index) => index);
  let step = 0;
  for (let epoch = 0; epoch < options.epochs; epoch += 1) {
    const order = shuffled(rows, random);
    const rate = options.learningRate * (1 - epoch / options.epochs);
    for (let start = 0; start < order.length; start += options.batchSize) {
      const batch = order.slice(start, start + options.batchSize);
      for (const row of batch) {
        const input = matrix.subarray(row * columnCount, (row + 1) * columnCount);
        addGradient(layers, input, labels[row] ?? 0);
      }
      step += 1;
      for (const layer of layers) {
        adamStep(layer.weights, batch.length, rate, options.weightDecay, step);
        adamStep(layer.bias, batch.length, rate, 0, step);
      }
    }
  }
  return { layers: layers.map(frozen) };
}

/** Trains only what stands above a layer that keeps its weights. */
export function trainAbove(
  fixed: Layer,
  matrix: Float32Array,
  labels: readonly number[],
  classCount: number,
  options: TrainingOptions,
): Network {
  const answers = new Float32Array(labels.length * fixed.outputs);
  labels.forEach((_, row) => {
    const target = answers.subarray(row * fixed.outputs, (row + 1) * fixed.outputs);
    target.set(fixed.bias);
    for (let i = 0; i < fixed.inputs; i += 1) {
      const value = matrix[row * fixed.inputs + i] as number;
      if (value === 0) continue;
      for (let j = 0; j < fixed.outputs; j += 1)
        target[j] = (target[j] as number) + value * (fixed.weights[i * fixed.outputs + j] as number);
    }
    target.forEach((value, j) => (target[j] = Math.max(0, value)));
  });
  return { layers: [fixed, ...trainNetwork(answers, labels, classCount, options).layers] };
}

function newLayer(inputs: number, outputs: number, random: () => number): TrainedLayer {
  const spread = Math.sqrt(6 / (inputs + outputs));
  const weights = Float64Array.from({ length: inputs * outputs }, () => (random() * 2 - 1) * spread);
  return { inputs, outputs, weights: newState(weights), bias: newState(new Float64Array(outputs)) };
}

function newState(values: Float64Array): State {
  const moments = { first: new Float64Array(values.length), second: new Float64Array(values.length) };
  return { values, gradient: new Float64Array(values.length), moments };
}

function addGradient(layers: TrainedLayer[], input: Float32Array, label: number): void {
  const activations: (Float32Array | Float64Array)[] = [input];
  layers.forEach((layer, index) => {
    const sums = forward(layer, activations[index] as Float64Array);
    if (index < layers.length - 1)
      for (let i = 0; i < sums.length; i += 1) sums[i] = Math.max(0, sums[i] as number);
    activations.push(sums);
  });
  let error = softmax(activations.at(-1) as Float64Array);
  error[label] = (error[label] ?? 0) - 1;
  for (let index = layers.length - 1; index >= 0; index -= 1) {
    error = backward(layers[index] as TrainedLayer, activations[index] as Float64Array, error);
  }
}

function forward(layer: TrainedLayer, input: Float32Array | Float64Array): Float64Array {
  const sums = Float64Array.from(layer.bias.values);
  const { outputs } = layer;
  const weights = layer.weights.values;
  for (let i = 0; i < layer.inputs; i += 1) {
    const value = input[i] as number;
    if (value === 0) continue;
    const row = i * outputs;
    for (let j = 0; j < outputs; j += 1) sums[j] = (sums[j] as number) + value * (weights[row + j] as number);
  }
  return sums;
}

function backward(
  layer: TrainedLayer,
  input: Float32Array | Float64Array,
  error: Float64Array,
): Float64Array {
  const back = new Float64Array(layer.inputs);
  const { outputs } = layer;
  const weights = layer.weights.values;
  const gradient = layer.weights.gradient;
  for (let i = 0; i < layer.inputs; i += 1) {
    const value = input[i] as number;
    if (value === 0) continue;
    const row = i * outputs;
    let sum = 0;
    for (let j = 0; j < outputs; j += 1) {
      const share = error[j] as number;
      gradient[row + j] = (gradient[row + j] as number) + value * share;
      sum += share * (weights[row + j] as number);
    }
    back[i] = sum;
  }
  for (let j = 0; j < outputs; j += 1)
    layer.bias.gradient[j] = (layer.bias.gradient[j] as number) + (error[j] as number);
  return back;
}

function softmax(logits: Float64Array): Float64Array {
  const highest = logits.reduce((best, value) => Math.max(best, value), -Infinity);
  const powers = logits.map((value) => Math.exp(value - highest));
  const total = powers.reduce((sum, value) => sum + value, 0);
  return powers.map((value) => value / total);
}

function adamStep(state: State, batchSize: number, rate: number, decay: number, step: number): void {
  const { values, gradient, moments } = state;
  const firstCorrection = 1 - 0.9 ** step;
  const secondCorrection = 1 - 0.999 ** step;
  for (let i = 0; i < values.length; i += 1) {
    const slope = (gradient[i] as number) / batchSize + decay * (values[i] as number);
    const first = 0.9 * (moments.first[i] as number) + 0.1 * slope;
    const second = 0.999 * (moments.second[i] as number) + 0.001 * slope * slope;
    moments.first[i] = first;
    moments.second[i] = second;
    gradient[i] = 0;
    values[i] =
      (values[i] as number) -
      (rate * first) / firstCorrection / (Math.sqrt(second / secondCorrection) + 1e-8);
  }
}

function frozen(layer: TrainedLayer): Layer {
  const { inputs, outputs } = layer;
  return {
    inputs,
    outputs,
    weights: Float32Array.from(layer.weights.values),
    bias: Float32Array.from(layer.bias.values),
  };
}
