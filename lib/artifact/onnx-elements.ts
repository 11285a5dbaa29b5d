/** The types of elements by TensorProto.DataType, as runtimes call them; null where there is none. */
export const elementNames: readonly (string | null)[] =
  "- float32 uint8 int8 uint16 int16 int32 int64 string bool float16 float64 uint32 uint64 complex64 complex128 bfloat16 float8e4m3fn float8e4m3fnuz float8e5m2 float8e5m2fnuz uint4 int4 float4e2m1"
    .split(" ")
    .map((name) => (name === "-" ? null : name));
