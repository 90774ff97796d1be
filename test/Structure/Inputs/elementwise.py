"""elementwise.py TYPE FILE [WITHOUT...]: writes ONNX text with every elementwise function of the type.

TYPE is float, double, float16 or bfloat16; operators named after the file are left out. Each function is an output of its own, so that none is
folded away; reductions and normalizations that call functions are among them.
"""

import sys

TYPE, PATH, *WITHOUT = sys.argv[1:]
UNARY = """
Abs Acos Acosh Asin Asinh Atan Atanh Ceil Celu Cos Cosh Elu Erf Exp Floor Gelu HardSigmoid HardSwish
LeakyRelu Log LogSoftmax Mish Neg Reciprocal Relu Round Selu Shrink Sigmoid Sign Sin Sinh Softmax
Softplus Softsign Sqrt Swish Tan Tanh ThresholdedRelu ReduceLogSum ReduceLogSumExp ReduceL1 ReduceL2
ReduceSumSquare ReduceProd ReduceMean ReduceMax LpNormalization
""".split()
BINARY = ["Add", "Sub", "Mul", "Div", "Pow", "PRelu", "Max", "Min", "Mean", "Sum"]
# What the standard does not define for a type.
ABSENT = {"bfloat16": {"Celu"}}
OTHER = {"float": "double", "double": "float", "float16": "float", "bfloat16": "float"}

nodes, outputs = [], []


def node(text, kind=TYPE, shape="s0, s1"):
    if text.split(" ")[0] in WITHOUT:
        return
    name = f"y{len(nodes)}"
    nodes.append(f"  {name} = {text}")
    outputs.append(f"{kind}[{shape}] {name}")


for op in UNARY:
    if op in ABSENT.get(TYPE, ()):
        continue
    if op.startswith("Reduce"):
        node(f"{op} <keepdims = 1> (a, axes)", shape="s0, 1")
    else:
        node(f"{op} (a)")
node("Gelu <approximate = \"tanh\"> (a)")
for op in BINARY:
    node(f"{op} (a, b)")
node("Mod <fmod = 1> (a, b)")
node("Where (c, a, b)")
node("LayerNormalization (a, g)")
node("Clip (a, low, high)")
for op in ("IsNaN (a)", "IsInf (a)", "Less (a, b)", "Equal (a, b)", "GreaterOrEqual (a, b)"):
    node(op, "bool")
kinds = [OTHER[TYPE], "int32", "int64", "uint8", "bool"]
for kind, number in {"float": 1, "int32": 6, "int64": 7, "uint8": 2, "bool": 9, "double": 11}.items():
    if kind in kinds and (TYPE == "double" or kind != "double"):
        node(f"Cast <to = {number}> (a)", kind)

with open(PATH, "w") as stream:
    stream.write(
        '<ir_version: 10, opset_import: ["" : 24]>\n'
        f"functions ({TYPE}[s0, s1] a, {TYPE}[s0, s1] b, bool[s0, s1] c, {TYPE}[s1] g, "
        f"{TYPE} low, {TYPE} high)\n=> ({', '.join(outputs)})\n"
        "<int64[1] axes = {1}>\n{\n" + "\n".join(nodes) + "\n}\n"
    )
