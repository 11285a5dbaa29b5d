/**
 * The bytes of a model with one more output: a table within it that is not one yet, such as the scores before a ZipMap,
 * whose list of maps no runtime here can hand out. A message of protobuf that comes twice is merged, so what is added
 * stands behind the file: ModelProto.graph (7), GraphProto.output (12), ValueInfoProto.name (1) and type (2) of a table of
 * 32-bit floats.
 */
export function withOutput(bytes, name) {
  const floats = message(1, Buffer.from([8, 1]));
  const output = Buffer.concat([message(1, Buffer.from(name)), message(2, floats)]);
  return Buffer.concat([bytes, message(7, message(12, output))]);
}

function message(field, body) {
  return Buffer.concat([Buffer.from([field * 8 + 2, ...varint(body.length)]), body]);
}

function varint(value) {
  return value < 128 ? [value] : [(value % 128) | 128, ...varint(value >>> 7)];
}
