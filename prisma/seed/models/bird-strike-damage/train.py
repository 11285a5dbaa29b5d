#!/usr/bin/python3
"""Trains on rows/training.jsonl.gz and writes bundle/model.onnx, with Debian's python3-xgboost and python3-onnx.

The graph is laid out as skl2onnx and onnxmltools write a pipeline of a one-hot encoder and an XGBClassifier that was
fitted on a table with named columns: one input of shape [rows, 1] for each column, categories that no training row has as
zeros, one TreeEnsembleClassifier with one weight a leaf and LOGISTIC after it, a whole number as the label, and a plain
table of probabilities (the option zipmap=False). What XGBoost itself says of the discovery rows goes to
xgboost-answers.json, a probability of damage for each: a test holds the file's answers against them.
"""
import gzip
import json
from collections import Counter
from pathlib import Path

import numpy as np
import xgboost
from onnx import TensorProto, checker, helper

HERE = Path(__file__).parent
CATEGORIES = ["aircraft", "phase_of_flight", "species", "time_of_day", "wildlife_size"]
NUMBERS = ["month"]
LEAST_ROWS_OF_A_CATEGORY = 10


def load(split):
    lines = gzip.open(HERE / "rows" / f"{split}.jsonl.gz", "rt", encoding="utf-8").read().splitlines()[1:]
    rows = [json.loads(line) for line in lines]
    return [row[4] for row in rows], np.array([row[0] for row in rows])


def table_of(fields, known):
    hot = [[float(row[name] == value) for name in CATEGORIES for value in known[name]] for row in fields]
    numbers = [[float(row[name]) for name in NUMBERS] for row in fields]
    return np.hstack([np.array(hot, np.float32), np.array(numbers, np.float32)])


def tree_attributes(booster):
    """XGBoost's trees in the arrays of the operator: node ids as they stand, a branch to the left where value < split."""
    found = {name: [] for name in (
        "nodes_treeids", "nodes_nodeids", "nodes_featureids", "nodes_modes", "nodes_values", "nodes_hitrates",
        "nodes_truenodeids", "nodes_falsenodeids", "nodes_missing_value_tracks_true",
        "class_treeids", "class_nodeids", "class_ids", "class_weights")}
    for tree, text in enumerate(booster.get_dump(dump_format="json")):
        waiting = [json.loads(text)]
        while waiting:
            node = waiting.pop(0)
            leaf = "leaf" in node
            waiting += node.get("children", [])
            feature = 0 if leaf else int(node["split"].removeprefix("f"))
            for name, value in (
                ("treeids", tree), ("nodeids", node["nodeid"]), ("featureids", feature),
                ("modes", "LEAF" if leaf else "BRANCH_LT"), ("values", 0.0 if leaf else float(node["split_condition"])),
                ("hitrates", 1.0), ("truenodeids", node.get("yes", 0)), ("falsenodeids", node.get("no", 0)),
                ("missing_value_tracks_true", int(not leaf and node["missing"] == node["yes"])),
            ):
                found[f"nodes_{name}"].append(value)
            if leaf:
                for name, value in (("treeids", tree), ("nodeids", node["nodeid"]), ("ids", 0), ("weights", node["leaf"])):
                    found[f"class_{name}"].append(value)
    return found


def graph_of(booster, known):
    nodes, tensors, columns = [], [], []
    for name in CATEGORIES:
        width = len(known[name])
        tensors.append(helper.make_tensor(f"{name}_shape", TensorProto.INT64, [2], [-1, width]))
        nodes.append(helper.make_node(
            "OneHotEncoder", [name], [f"{name}_encoded"], domain="ai.onnx.ml", cats_strings=known[name], zeros=1))
        nodes.append(helper.make_node("Reshape", [f"{name}_encoded", f"{name}_shape"], [f"{name}_columns"]))
        columns.append(f"{name}_columns")
    for name in NUMBERS:
        nodes.append(helper.make_node("Cast", [name], [f"{name}_columns"], to=TensorProto.FLOAT))
        columns.append(f"{name}_columns")
    nodes.append(helper.make_node("Concat", columns, ["features"], axis=1))
    nodes.append(helper.make_node(
        "TreeEnsembleClassifier", ["features"], ["label", "probabilities"], domain="ai.onnx.ml",
        classlabels_int64s=[0, 1], post_transform="LOGISTIC", **tree_attributes(booster)))
    inputs = [
        helper.make_tensor_value_info(name, TensorProto.INT64 if name in NUMBERS else TensorProto.STRING, [None, 1])
        for name in CATEGORIES + NUMBERS]
    outputs = [
        helper.make_tensor_value_info("label", TensorProto.INT64, [None]),
        helper.make_tensor_value_info("probabilities", TensorProto.FLOAT, [None, 2])]
    return helper.make_graph(nodes, "bird-strike-damage", inputs, outputs, tensors)


def main():
    fields, labels = load("training")
    counts = {name: Counter(row[name] for row in fields) for name in CATEGORIES}
    known = {name: sorted(value for value, count in counts[name].items() if count >= LEAST_ROWS_OF_A_CATEGORY)
             for name in CATEGORIES}
    classifier = xgboost.XGBClassifier(
        n_estimators=100, max_depth=4, learning_rate=0.1, min_child_weight=5, n_jobs=1, random_state=1990)
    classifier.fit(table_of(fields, known), labels)
    opsets = [helper.make_opsetid("", 13), helper.make_opsetid("ai.onnx.ml", 1)]
    model = helper.make_model(
        graph_of(classifier.get_booster(), known), producer_name="train.py", ir_version=8, opset_imports=opsets)
    checker.check_model(model)
    (HERE / "bundle").mkdir(exist_ok=True)
    (HERE / "bundle" / "model.onnx").write_bytes(model.SerializeToString())
    fields, _ = load("discovery")
    said = classifier.predict_proba(table_of(fields, known))[:, 1]
    (HERE / "xgboost-answers.json").write_text(json.dumps([round(float(share), 6) for share in said]) + "\n")


if __name__ == "__main__":
    main()
