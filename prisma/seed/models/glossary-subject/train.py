"""Trains the model of this folder and writes bundle/, laid out as a Hugging Face repository.

BertForSequenceClassification (Devlin et al. 2019) with two blocks of width 96, from nothing, on rows/training.jsonl.gz alone.

  apt-get install python3-torch python3-onnx        # Debian 12: torch 1.13, onnx 1.12
  /usr/bin/python3 prisma/seed/models/glossary-subject/train.py

One thread and a fixed order, so the same machine gives the same bytes; another processor's rounding gives others.
"""

import io
import json
import math
import pathlib
import random
import shutil
import sys

import onnx
import torch
import torch.nn.functional as F
from torch import nn

FOLDER = pathlib.Path(__file__).parent
sys.path.append(str(FOLDER.parent / "training"))
import wordpiece  # noqa: E402
from row_file import load_rows  # noqa: E402
from weight_only import quantise  # noqa: E402

SEED = 1998
EPOCHS = 24
ROWS_A_STEP = 16
PEAK_RATE = 1e-3
WARM_UP = 0.1
VOCABULARY = 2_000
LABEL_SMOOTHING = 0.05
SHAPE = {
    "hidden_size": 96,
    "num_hidden_layers": 2,
    "num_attention_heads": 4,
    "intermediate_size": 192,
    "max_position_embeddings": 128,
    "type_vocab_size": 2,
    "layer_norm_eps": 1e-12,
    "hidden_act": "gelu",
    "hidden_dropout_prob": 0.2,
    "attention_probs_dropout_prob": 0.1,
    "initializer_range": 0.02,
}
WIDTH = SHAPE["hidden_size"]
LONGEST = SHAPE["max_position_embeddings"]


def norm():
    return nn.LayerNorm(WIDTH, eps=SHAPE["layer_norm_eps"])


def dropout():
    return nn.Dropout(SHAPE["hidden_dropout_prob"])


class Embeddings(nn.Module):
    def __init__(self, tokens):
        super().__init__()
        self.word_embeddings = nn.Embedding(tokens, WIDTH, padding_idx=wordpiece.PAD)
        self.position_embeddings = nn.Embedding(LONGEST, WIDTH)
        self.token_type_embeddings = nn.Embedding(SHAPE["type_vocab_size"], WIDTH)
        self.norm, self.dropout = norm(), dropout()

    def forward(self, tokens, types):
        positions = torch.arange(tokens.shape[1]).unsqueeze(0)
        summed = self.word_embeddings(tokens) + self.token_type_embeddings(types) + self.position_embeddings(positions)
        return self.dropout(self.norm(summed))


class Block(nn.Module):
    def __init__(self):
        super().__init__()
        self.query, self.key, self.value, self.attended = (nn.Linear(WIDTH, WIDTH) for _ in range(4))
        self.attention_norm, self.output_norm = norm(), norm()
        self.intermediate = nn.Linear(WIDTH, SHAPE["intermediate_size"])
        self.output = nn.Linear(SHAPE["intermediate_size"], WIDTH)
        self.dropout, self.attention_dropout = dropout(), nn.Dropout(SHAPE["attention_probs_dropout_prob"])

    def heads(self, x):
        heads = SHAPE["num_attention_heads"]
        return x.view(x.shape[0], x.shape[1], heads, WIDTH // heads).permute(0, 2, 1, 3)

    def forward(self, x, mask):
        query, key, value = (self.heads(part(x)) for part in (self.query, self.key, self.value))
        scores = query @ key.transpose(-1, -2) / math.sqrt(WIDTH // SHAPE["num_attention_heads"]) + mask
        held = self.attention_dropout(scores.softmax(-1)) @ value
        held = held.permute(0, 2, 1, 3).reshape(x.shape[0], x.shape[1], WIDTH)
        x = self.attention_norm(x + self.dropout(self.attended(held)))
        return self.output_norm(x + self.dropout(self.output(F.gelu(self.intermediate(x)))))


class Bert(nn.Module):
    def __init__(self, tokens, classes):
        super().__init__()
        self.embeddings = Embeddings(tokens)
        self.encoder = nn.ModuleList(Block() for _ in range(SHAPE["num_hidden_layers"]))
        self.pooler, self.classifier = nn.Linear(WIDTH, WIDTH), nn.Linear(WIDTH, classes)
        self.dropout = dropout()
        for name, weight in self.named_parameters():
            if weight.dim() == 2:
                nn.init.normal_(weight, std=SHAPE["initializer_range"])
            elif name.endswith("bias"):
                nn.init.zeros_(weight)

    def forward(self, input_ids, attention_mask, token_type_ids):
        mask = (1.0 - attention_mask[:, None, None, :].float()) * -10_000.0
        x = self.embeddings(input_ids, token_type_ids)
        for block in self.encoder:
            x = block(x, mask)
        return self.classifier(self.dropout(torch.tanh(self.pooler(x[:, 0]))))


def batch(rows):
    longest = max(len(tokens) for tokens, _ in rows)
    tokens = torch.tensor([each + [wordpiece.PAD] * (longest - len(each)) for each, _ in rows])
    return tokens, (tokens != wordpiece.PAD).long(), torch.zeros_like(tokens)


def train(rows, tokens, classes):
    torch.set_num_threads(1)
    torch.manual_seed(SEED)
    order = random.Random(SEED)
    model = Bert(tokens, classes)
    optimiser = torch.optim.AdamW(model.parameters(), lr=PEAK_RATE, weight_decay=0.01)
    steps = EPOCHS * math.ceil(len(rows) / ROWS_A_STEP)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimiser, PEAK_RATE, steps, pct_start=WARM_UP)
    for epoch in range(EPOCHS):
        order.shuffle(rows)
        for at in range(0, len(rows), ROWS_A_STEP):
            some = rows[at : at + ROWS_A_STEP]
            truth = torch.tensor([label for _, label in some])
            loss = F.cross_entropy(model(*batch(some)), truth, label_smoothing=LABEL_SMOOTHING)
            optimiser.zero_grad()
            loss.backward()
            nn.utils.clip_grad_norm_(model.parameters(), 1.0)
            optimiser.step()
            schedule.step()
        print(f"epoch {epoch} loss {loss.item():.3f}", flush=True)
    return model.eval()


def exported(model, example):
    """The graph as Hugging Face's exporter names its ends."""
    names, file = ["input_ids", "attention_mask", "token_type_ids"], io.BytesIO()
    axes = {name: {0: "batch_size", 1: "sequence_length"} for name in names} | {"logits": {0: "batch_size"}}
    torch.onnx.export(
        model, example, file, opset_version=13, input_names=names, output_names=["logits"], dynamic_axes=axes
    )
    return onnx.load_from_string(file.getvalue())


def main():
    classes, stored = load_rows(FOLDER, "training")
    vocabulary = wordpiece.learn([text for _, text in stored], VOCABULARY)
    places = {piece: place for place, piece in enumerate(vocabulary)}
    rows = [(wordpiece.encode(text, places, LONGEST), label) for label, text in stored]
    model = train(list(rows), len(vocabulary), len(classes))
    bundle = FOLDER / "bundle"
    (bundle / "onnx").mkdir(parents=True, exist_ok=True)
    onnx.save(quantise(exported(model, batch(rows[:3]))), str(bundle / "onnx" / "model_quantized.onnx"))
    wordpiece.save(bundle, vocabulary, LONGEST)
    labels = {"id2label": dict(enumerate(classes)), "label2id": {name: place for place, name in enumerate(classes)}}
    config = {"architectures": ["BertForSequenceClassification"], "model_type": "bert", "vocab_size": len(vocabulary)}
    config |= SHAPE | {"pad_token_id": wordpiece.PAD, "position_embedding_type": "absolute"} | labels
    (bundle / "config.json").write_text(json.dumps(config, indent=2) + "\n")
    shutil.copy(FOLDER / "rows" / "LICENSE", bundle / "LICENSE")


if __name__ == "__main__":
    main()
