"""Makes the large weights of an ONNX file 8-bit integers, each with the scale of its column: activations stay 32-bit floats.

What a row is answered does therefore not depend on the rows beside it, as it would where activations are scaled by the batch.
"""

import numpy
import onnx
from onnx import helper, numpy_helper

SMALLEST = 1_024


def quantise(model):
    """The same model with every weight matrix of at least SMALLEST numbers as int8 and a DequantizeLinear."""
    graph = model.graph
    nodes = []
    for weight in [each for each in graph.initializer if each.data_type == onnx.TensorProto.FLOAT]:
        values = numpy_helper.to_array(weight)
        if values.ndim != 2 or values.size < SMALLEST:
            continue
        scale = (numpy.maximum(numpy.abs(values).max(axis=0), 1e-8) / 127).astype(numpy.float32)
        whole = numpy.clip(numpy.rint(values / scale), -127, 127).astype(numpy.int8)
        graph.initializer.remove(weight)
        parts = {"_quantized": whole, "_scale": scale, "_zero_point": numpy.zeros(len(scale), numpy.int8)}
        names = [weight.name + ending for ending in parts]
        graph.initializer.extend(numpy_helper.from_array(part, name) for name, part in zip(names, parts.values()))
        nodes.append(helper.make_node("DequantizeLinear", names, [weight.name], weight.name + "_dequantize", axis=1))
    for place, node in enumerate(nodes):
        graph.node.insert(place, node)
    onnx.checker.check_model(model)
    return model
