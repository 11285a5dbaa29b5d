"""Trains the model of this folder and writes bundle/model.gguf.

A llama of 0.9 million parameters over single characters: it reads one written date or amount and a line end, and writes the
ISO form. Training rows are made by forms.py from a seed; none of the rows that it is judged on is seen here.

  apt-get install python3-torch libopenblas0-pthread        # Debian 12: torch 1.13, numpy 1.24
  OPENBLAS_NUM_THREADS=1 /usr/bin/python3 prisma/seed/models/german-paperwork-iso/train.py

One thread and a fixed order, so the same machine gives the same bytes; another processor's rounding gives others.
"""

import gzip
import json
import math
import pathlib
import random

import torch
import torch.nn.functional as F

import forms
from gguf_file import BYTES_FROM, CHARACTERS, END, START, Shape, encode, write_gguf

FOLDER = pathlib.Path(__file__).parent
SEED = 20260311
STEPS = 1_400
ROWS_A_STEP = 48
STEPS_A_POOL = 8
PEAK_RATE = 2e-3
WARM_UP_STEPS = 100
SHAPE = Shape(width=128, blocks=4, heads=4, inner=384, context=256, tokens=BYTES_FROM + 256 + len(CHARACTERS))


class Norm(torch.nn.Module):
    def __init__(self, width):
        super().__init__()
        self.weight = torch.nn.Parameter(torch.ones(width))

    def forward(self, x):
        return x * torch.rsqrt(x.pow(2).mean(-1, keepdim=True) + SHAPE.epsilon) * self.weight


def linear(inputs, outputs):
    layer = torch.nn.Linear(inputs, outputs, bias=False)
    torch.nn.init.normal_(layer.weight, std=0.02 if outputs > inputs else 0.02 / math.sqrt(2 * SHAPE.blocks))
    return layer


def turns():
    """Cosine and sine of each position and pair of the rotary embedding."""
    half = SHAPE.width // SHAPE.heads // 2
    rates = SHAPE.rope_base ** (-torch.arange(half).float() / half)
    angles = torch.arange(SHAPE.context).float()[:, None] * rates
    return angles.cos(), angles.sin()


COSINE, SINE = turns()


def rotated(x):
    """Turns neighbouring pairs, as llama.cpp does for this architecture."""
    length = x.shape[-2]
    even, odd = x[..., 0::2], x[..., 1::2]
    cosine, sine = COSINE[:length], SINE[:length]
    return torch.stack([even * cosine - odd * sine, even * sine + odd * cosine], -1).flatten(-2)


class Block(torch.nn.Module):
    def __init__(self):
        super().__init__()
        width, inner = SHAPE.width, SHAPE.inner
        self.attn_norm, self.ffn_norm = Norm(width), Norm(width)
        self.attn_q, self.attn_k, self.attn_v, self.attn_output = (linear(width, width) for _ in range(4))
        self.ffn_gate, self.ffn_up, self.ffn_down = linear(width, inner), linear(width, inner), linear(inner, width)

    def forward(self, x, mask):
        rows, length, width = x.shape
        seen = self.attn_norm(x)
        query, key, value = (
            part(seen).view(rows, length, SHAPE.heads, -1).transpose(1, 2)
            for part in (self.attn_q, self.attn_k, self.attn_v)
        )
        scores = rotated(query) @ rotated(key).transpose(-2, -1) / math.sqrt(width // SHAPE.heads)
        held = (scores + mask[:length, :length]).softmax(-1) @ value
        x = x + self.attn_output(held.transpose(1, 2).reshape(rows, length, width))
        seen = self.ffn_norm(x)
        return x + self.ffn_down(F.silu(self.ffn_gate(seen)) * self.ffn_up(seen))


class Llama(torch.nn.Module):
    def __init__(self):
        super().__init__()
        self.token_embd = torch.nn.Embedding(SHAPE.tokens, SHAPE.width)
        torch.nn.init.normal_(self.token_embd.weight, std=0.02)
        self.blk = torch.nn.ModuleList(Block() for _ in range(SHAPE.blocks))
        self.output_norm = Norm(SHAPE.width)
        self.output = linear(SHAPE.width, SHAPE.tokens)
        mask = torch.full((SHAPE.context, SHAPE.context), float("-inf")).triu(1)
        self.register_buffer("mask", mask, persistent=False)

    def forward(self, tokens):
        x = self.token_embd(tokens)
        for block in self.blk:
            x = block(x, self.mask)
        return self.output(self.output_norm(x))


def judged_texts():
    """What the model is chosen and judged on, which it must not have seen."""
    files = [FOLDER / "rows" / f"{split}.jsonl.gz" for split in ("discovery", "attestation")]
    return {json.loads(line)[4] for file in files for line in gzip.decompress(file.read_bytes()).splitlines()[1:]}


def unseen(draw, judged):
    while True:
        text, answer = forms.written(draw)
        if text not in judged:
            return text, answer


def drawn_batches(draw, judged):
    """Every row of training, those of about the same length side by side, so that little is filled up."""
    for _ in range(STEPS // STEPS_A_POOL):
        rows = [unseen(draw, judged) for _ in range(ROWS_A_STEP * STEPS_A_POOL)]
        rows.sort(key=lambda row: len(encode(row[0])))
        starts = list(range(0, len(rows), ROWS_A_STEP))
        draw.shuffle(starts)
        yield from (rows[start : start + ROWS_A_STEP] for start in starts)


def save_rows(batches):
    """As the other row files are: a header, then label, flags, cluster, year and text."""
    head = {"format": "offcut-rows/1", "model": FOLDER.name, "split": "training", "classes": [], "flags": [], "features": "text"}
    rows = [[answer, 0, place, 0, text] for place, (text, answer) in enumerate(row for batch in batches for row in batch)]
    lines = "".join(json.dumps(line, ensure_ascii=False, separators=(",", ":")) + "\n" for line in [head, *rows])
    (FOLDER / "rows" / "training.jsonl.gz").write_bytes(gzip.compress(lines.encode(), 9, mtime=0))


def tensors(batch):
    """Tokens of some rows, and what follows each; what a row is given is not learned."""
    pairs = [(encode(text + "\n"), encode(answer)) for text, answer in batch]
    rows = [([START, *given, *said, END], len(given)) for given, said in pairs]
    longest = max(len(row) for row, _ in rows)
    tokens = torch.full((len(rows), longest), END)
    targets = torch.full((len(rows), longest), -100)
    for place, (row, given) in enumerate(rows):
        tokens[place, : len(row)] = torch.tensor(row)
        targets[place, given : len(row) - 1] = torch.tensor(row[given + 1 :])
    return tokens, targets


def rate(step):
    if step < WARM_UP_STEPS:
        return PEAK_RATE * (step + 1) / WARM_UP_STEPS
    return PEAK_RATE * (0.02 + 0.49 * (1 + math.cos(math.pi * (step - WARM_UP_STEPS) / (STEPS - WARM_UP_STEPS))))


def train(batches):
    torch.set_num_threads(1)
    torch.manual_seed(SEED)
    model = Llama()
    optimiser = torch.optim.AdamW(model.parameters(), betas=(0.9, 0.98), weight_decay=0.01)
    for step, batch in enumerate(batches):
        for group in optimiser.param_groups:
            group["lr"] = rate(step)
        tokens, targets = tensors(batch)
        loss = F.cross_entropy(model(tokens).flatten(0, 1), targets.flatten(), ignore_index=-100)
        optimiser.zero_grad(set_to_none=True)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimiser.step()
        if step % 100 == 0 or step == STEPS - 1:
            print(f"step {step} loss {loss.item():.4f}", flush=True)
    return model


if __name__ == "__main__":
    batches = list(drawn_batches(random.Random(SEED), judged_texts()))
    save_rows(batches)
    weights = {name: value.detach().numpy() for name, value in train(batches).named_parameters()}
    (FOLDER / "bundle").mkdir(exist_ok=True)
    write_gguf(FOLDER / "bundle" / "model.gguf", weights, SHAPE)
