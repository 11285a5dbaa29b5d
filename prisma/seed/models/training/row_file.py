"""Reads and writes row files as training/row-file.ts does, for models that are trained with PyTorch."""

import gzip
import json

SPLITS = ("training", "discovery", "attestation")


def save_rows(folder, split, kind, classes, flags, rows):
    """Rows are (label, flags, cluster, what it holds). Equal rows give an equal text."""
    header = {
        "format": "offcut-rows/1",
        "model": folder.name,
        "split": split,
        "classes": classes,
        "flags": flags,
        "features": kind,
    }
    lines = [header] + [
        [classes.index(label), sum(1 << flags.index(flag) for flag in held), cluster, 0, features]
        for label, held, cluster, features in rows
    ]
    text = "".join(json.dumps(line, ensure_ascii=False, separators=(",", ":")) + "\n" for line in lines)
    path = folder / "rows" / f"{split}.jsonl.gz"
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(gzip.compress(text.encode(), 9, mtime=0))


def load_rows(folder, split):
    """The classes, and the rows as (place of the class, what it holds)."""
    text = gzip.decompress((folder / "rows" / f"{split}.jsonl.gz").read_bytes()).decode()
    header, *rows = (json.loads(line) for line in text.splitlines())
    return header["classes"], [(row[0], row[4]) for row in rows]
