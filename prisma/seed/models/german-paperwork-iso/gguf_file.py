"""Tokens of single characters, and a GGUF file (version 3) of a llama over them."""

import struct
from dataclasses import dataclass

import numpy

UNKNOWN, START, END, BYTES_FROM = 0, 1, 2, 3
BLANK = "\u2581"
CHARACTERS = BLANK + "".join(chr(code) for code in range(0x21, 0x7F)) + "äöüÄÖÜß€–"
TOKEN_OF = {character: BYTES_FROM + 256 + place for place, character in enumerate(CHARACTERS)}

ALIGNMENT = 32
U32, F32, BOOL, STRING, ARRAY, I32 = 4, 6, 7, 8, 9, 5
AS_F32, AS_F16 = 0, 1
NORMAL, UNKNOWN_TOKEN, CONTROL, BYTE = 1, 2, 3, 6


@dataclass(frozen=True)
class Shape:
    width: int
    blocks: int
    heads: int
    inner: int
    context: int
    tokens: int
    epsilon: float = 1e-5
    rope_base: float = 10_000.0


def encode(text: str) -> list[int]:
    """A token a character; characters without one become the bytes of their UTF-8."""
    return [token for character in text.replace(" ", BLANK) for token in tokens_of(character)]


def tokens_of(character: str) -> list[int]:
    known = TOKEN_OF.get(character)
    return [BYTES_FROM + byte for byte in character.encode()] if known is None else [known]


def write_gguf(path, weights, shape: Shape) -> None:
    tensors = [tensor_of(name, value) for name, value in weights.items()]
    head = bytearray(b"GGUF" + struct.pack("<IQQ", 3, len(tensors), len(facts := facts_of(shape))))
    for key, kind, value in facts:
        head += string(key) + struct.pack("<I", kind) + value_of(kind, value)
    offset = 0
    for name, kind, dimensions, data in tensors:
        head += string(name) + struct.pack("<I", len(dimensions))
        head += b"".join(struct.pack("<Q", size) for size in dimensions) + struct.pack("<IQ", kind, offset)
        offset += len(padded(data))
    path.write_bytes(padded(bytes(head)) + b"".join(padded(data) for *_, data in tensors))


def tensor_of(name, value):
    """Matrices as 16-bit floats, the norms' vectors as 32-bit ones; dimensions from the fastest on."""
    kind = AS_F32 if value.ndim == 1 else AS_F16
    data = value.astype("<f4" if kind == AS_F32 else "<f2").tobytes()
    return name, kind, list(reversed(value.shape)), data


def facts_of(shape: Shape):
    tokens = ["<unk>", "<s>", "</s>", *(f"<0x{byte:02X}>" for byte in range(256)), *CHARACTERS]
    kinds = [UNKNOWN_TOKEN, CONTROL, CONTROL, *[BYTE] * 256, *[NORMAL] * len(CHARACTERS)]
    return [
        ("general.architecture", STRING, "llama"),
        ("general.name", STRING, "German paperwork to ISO"),
        ("general.license", STRING, "apache-2.0"),
        ("general.alignment", U32, ALIGNMENT),
        ("general.file_type", U32, 1),
        ("llama.vocab_size", U32, shape.tokens),
        ("llama.context_length", U32, shape.context),
        ("llama.embedding_length", U32, shape.width),
        ("llama.block_count", U32, shape.blocks),
        ("llama.feed_forward_length", U32, shape.inner),
        ("llama.rope.dimension_count", U32, shape.width // shape.heads),
        ("llama.rope.freq_base", F32, shape.rope_base),
        ("llama.attention.head_count", U32, shape.heads),
        ("llama.attention.head_count_kv", U32, shape.heads),
        ("llama.attention.layer_norm_rms_epsilon", F32, shape.epsilon),
        ("tokenizer.ggml.model", STRING, "llama"),
        ("tokenizer.ggml.pre", STRING, "default"),
        ("tokenizer.ggml.tokens", ARRAY, (STRING, tokens)),
        ("tokenizer.ggml.scores", ARRAY, (F32, [0.0] * len(tokens))),
        ("tokenizer.ggml.token_type", ARRAY, (I32, kinds)),
        ("tokenizer.ggml.bos_token_id", U32, START),
        ("tokenizer.ggml.eos_token_id", U32, END),
        ("tokenizer.ggml.unknown_token_id", U32, UNKNOWN),
        ("tokenizer.ggml.add_bos_token", BOOL, True),
        ("tokenizer.ggml.add_eos_token", BOOL, False),
        ("tokenizer.ggml.add_space_prefix", BOOL, False),
    ]


def value_of(kind, value) -> bytes:
    if kind == STRING:
        return string(value)
    if kind == ARRAY:
        inner, values = value
        return struct.pack("<IQ", inner, len(values)) + b"".join(value_of(inner, one) for one in values)
    return struct.pack({U32: "<I", I32: "<i", F32: "<f", BOOL: "<?"}[kind], value)


def string(text: str) -> bytes:
    data = text.encode()
    return struct.pack("<Q", len(data)) + data


def padded(data: bytes) -> bytes:
    return data + b"\0" * (-len(data) % ALIGNMENT)
