"""Trains the model of this folder and writes bundle/, laid out as a Hugging Face repository.

ResNetForImageClassification (He et al. 2015, the basic layers of 18 and 34) with one layer a stage, from nothing, on the
pictures of rows/training.jsonl.gz alone, each moved by up to two pixels.

  apt-get install python3-torch python3-pil        # Debian 12: torch 1.13
  /usr/bin/python3 prisma/seed/models/printed-capitals/train.py

One thread and a fixed order, so the same machine gives the same bytes; another processor's rounding gives others.
"""

import base64
import io
import json
import pathlib
import sys

import numpy
import torch
import torch.nn.functional as F
from PIL import Image
from torch import nn

FOLDER = pathlib.Path(__file__).parent
sys.path.append(str(FOLDER.parent / "training"))
from row_file import load_rows  # noqa: E402

SEED = 1455
EPOCHS = 40
ROWS_A_STEP = 26
PEAK_RATE = 4e-3
SIDE = 32
MOST_MOVED = 2
EMBEDDING = 16
STAGES = [16, 32, 64]
MEAN = DEVIATION = 0.5


def convolution(inputs, outputs, side, stride=1):
    layer = nn.Conv2d(inputs, outputs, side, stride=stride, padding=side // 2, bias=False)
    return nn.Sequential(layer, nn.BatchNorm2d(outputs))


class Layer(nn.Module):
    def __init__(self, inputs, outputs, stride):
        super().__init__()
        same = inputs == outputs and stride == 1
        self.shortcut = nn.Identity() if same else convolution(inputs, outputs, 1, stride)
        self.first = convolution(inputs, outputs, 3, stride)
        self.second = convolution(outputs, outputs, 3)

    def forward(self, x):
        return F.relu(self.second(F.relu(self.first(x))) + self.shortcut(x))


class ResNet(nn.Module):
    def __init__(self, classes):
        super().__init__()
        self.embedder = convolution(3, EMBEDDING, 7, 2)
        widths = [EMBEDDING, *STAGES]
        self.stages = nn.Sequential(
            *(Layer(widths[at], widths[at + 1], 1 if at == 0 else 2) for at in range(len(STAGES)))
        )
        self.classifier = nn.Linear(STAGES[-1], classes)

    def forward(self, pixel_values):
        x = F.max_pool2d(F.relu(self.embedder(pixel_values)), 3, 2, 1)
        return self.classifier(self.stages(x).mean((2, 3)))


def pixels(content):
    """Three equal channels from -1 (black) to 1 (white), as preprocessor_config.json says."""
    grey = numpy.asarray(Image.open(io.BytesIO(base64.b64decode(content))).convert("L"), numpy.float32) / 255
    return torch.from_numpy((grey - MEAN) / DEVIATION).expand(3, SIDE, SIDE)


def moved(pictures):
    padded = F.pad(pictures, [MOST_MOVED] * 4, value=1.0)
    right, down = torch.randint(2 * MOST_MOVED + 1, (2, len(pictures))).tolist()
    return torch.stack([each[:, y : y + SIDE, x : x + SIDE] for each, x, y in zip(padded, right, down)])


def train(pictures, truth, classes):
    torch.set_num_threads(1)
    torch.manual_seed(SEED)
    model = ResNet(classes)
    optimiser = torch.optim.AdamW(model.parameters(), weight_decay=0.01)
    steps = EPOCHS * -(-len(truth) // ROWS_A_STEP)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimiser, PEAK_RATE, steps)
    for epoch in range(EPOCHS):
        for some in torch.randperm(len(truth)).split(ROWS_A_STEP):
            loss = F.cross_entropy(model(moved(pictures[some])), truth[some])
            optimiser.zero_grad()
            loss.backward()
            optimiser.step()
            schedule.step()
        if epoch % 10 == 9:
            print(f"epoch {epoch} loss {loss.item():.3f}", flush=True)
    return model.eval()


def save_settings(bundle, classes):
    config = {
        "architectures": ["ResNetForImageClassification"],
        "model_type": "resnet",
        "num_channels": 3,
        "embedding_size": EMBEDDING,
        "hidden_sizes": STAGES,
        "depths": [1] * len(STAGES),
        "layer_type": "basic",
        "hidden_act": "relu",
        "downsample_in_first_stage": False,
        "id2label": dict(enumerate(classes)),
        "label2id": {name: place for place, name in enumerate(classes)},
    }
    preparation = {
        "image_processor_type": "ViTImageProcessor",
        "do_resize": True,
        "size": {"height": SIDE, "width": SIDE},
        "resample": 2,
        "do_rescale": True,
        "rescale_factor": 1 / 255,
        "do_normalize": True,
        "image_mean": [MEAN] * 3,
        "image_std": [DEVIATION] * 3,
    }
    for name, content in (("config.json", config), ("preprocessor_config.json", preparation)):
        (bundle / name).write_text(json.dumps(content, indent=2) + "\n")


def main():
    classes, rows = load_rows(FOLDER, "training")
    pictures = torch.stack([pixels(content) for _, content in rows])
    model = train(pictures, torch.tensor([label for label, _ in rows]), len(classes))
    bundle = FOLDER / "bundle"
    (bundle / "onnx").mkdir(parents=True, exist_ok=True)
    torch.onnx.export(
        model,
        pictures[:2],
        str(bundle / "onnx" / "model.onnx"),
        opset_version=13,
        input_names=["pixel_values"],
        output_names=["logits"],
        dynamic_axes={"pixel_values": {0: "batch_size"}, "logits": {0: "batch_size"}},
    )
    save_settings(bundle, classes)


if __name__ == "__main__":
    main()
