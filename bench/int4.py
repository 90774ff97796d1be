"""Makes the int4 weight-only version of an ONNX model with ONNX Runtime's quantizer.

The weights of every MatMul become 4 bits in groups along their rows: as `MatMulNBits` of ONNX
Runtime's own domain, or as `DequantizeLinear` with blocks before a plain MatMul (`qdq`). A product
by the transpose of a shared constant (an output layer that is the embedding table too) gets a
constant of its own first: the quantizer passes by what is no initializer.
"""

import logging
import pathlib

FORMS = ("nbits", "qdq")


def own_weights(model):
    """Replaces MatMul(x, Transpose(constant)) by MatMul(x, constant of its own)."""
    import onnx
    from onnx import numpy_helper

    graph = model.graph
    constants = {tensor.name: tensor for tensor in graph.initializer}
    makers = {name: node for node in graph.node for name in node.output}
    for node in graph.node:
        if node.op_type != "MatMul":
            continue
        maker = makers.get(node.input[1])
        if maker is None or maker.op_type != "Transpose" or maker.input[0] not in constants:
            continue
        permutation = onnx.helper.get_node_attr_value(maker, "perm")
        value = numpy_helper.to_array(constants[maker.input[0]]).transpose(permutation)
        name = f"{node.output[0]}.weights"
        graph.initializer.append(numpy_helper.from_array(value.copy(), name))
        node.input[1] = name
    used = {name for node in graph.node for name in node.input}
    used.update(output.name for output in graph.output)
    for node in [n for n in graph.node if n.op_type == "Transpose" and n.output[0] not in used]:
        graph.node.remove(node)
    used = {name for node in graph.node for name in node.input}
    for tensor in [t for t in graph.initializer if t.name not in used]:
        graph.initializer.remove(tensor)


def quantize(path, target, group=32, symmetric=True, form="nbits"):
    """Reads the model at `path`, writes its int4 version to `target`."""
    import onnx
    from onnxruntime.quantization.matmul_nbits_quantizer import MatMulNBitsQuantizer
    from onnxruntime.quantization.quant_utils import QuantFormat

    # A line for every node otherwise.
    logging.getLogger("onnxruntime.quantization.matmul_nbits_quantizer").setLevel(logging.WARNING)
    model = onnx.load(str(path))
    own_weights(model)
    quantizer = MatMulNBitsQuantizer(
        model,
        block_size=group,
        is_symmetric=symmetric,
        quant_format=QuantFormat.QDQ if form == "qdq" else QuantFormat.QOperator,
    )
    quantizer.process()
    result = quantizer.model.model
    # Blocks came with opset 21; the operators that are here mean the same in it.
    for opset in result.opset_import:
        if form == "qdq" and opset.domain in ("", "ai.onnx"):
            opset.version = max(opset.version, 21)
    onnx.save(result, str(target))
    return pathlib.Path(target)


def outputs(path, inputs):
    """ONNX Runtime's outputs of a model, by name."""
    import onnxruntime as ort

    options = ort.SessionOptions()
    options.intra_op_num_threads = 1
    # In f32: products with blocked weights would quantize their rows to 8 bits otherwise.
    options.add_session_config_entry("session.qdq_matmulnbits_accuracy_level", "1")
    session = ort.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])
    names = [output.name for output in session.get_outputs()]
    return dict(zip(names, session.run(names, inputs), strict=True))
