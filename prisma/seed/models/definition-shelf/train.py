#!/usr/bin/python3
"""Trains on rows/training.jsonl.gz with Debian's fasttext 0.9.2 and writes bundle/model.ftz, quantised.

One thread and the library's own seed: the same rows give the same bytes on the same kind of machine.
"""
import gzip
import json
import subprocess
import tempfile
from pathlib import Path

HERE = Path(__file__).parent
LEARNING = "-dim 32 -epoch 10 -lr 0.3 -minn 3 -maxn 5 -bucket 30000 -loss softmax -thread 1".split()
QUANTISING = "-qnorm -cutoff 20000 -thread 1".split()


def main():
    lines = gzip.open(HERE / "rows" / "training.jsonl.gz", "rt", encoding="utf-8").read().splitlines()
    classes = json.loads(lines[0])["classes"]
    rows = [json.loads(line) for line in lines[1:]]
    with tempfile.TemporaryDirectory() as folder:
        text, model = f"{folder}/training.txt", f"{folder}/model"
        Path(text).write_text("".join(f"__label__{classes[row[0]]} {row[4]}\n" for row in rows), encoding="utf-8")
        subprocess.run(["fasttext", "supervised", "-input", text, "-output", model, *LEARNING], check=True)
        subprocess.run(["fasttext", "quantize", "-input", text, "-output", model, *QUANTISING], check=True)
        (HERE / "bundle").mkdir(exist_ok=True)
        (HERE / "bundle" / "model.ftz").write_bytes(Path(f"{model}.ftz").read_bytes())


if __name__ == "__main__":
    main()
