"""The type stubs say what the modules have: names, bases, fields, signatures, defaults."""

import ast
import dataclasses
import importlib
import inspect
import pathlib
import sys

import pytest

MODULES = [
    "mlopt",
    "mlopt.backend",
    "mlopt.compiler",
    "mlopt.errors",
    "mlopt.session",
    "mlopt.training",
]
FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)
#: Methods without a stub of their own that every class has.
SPECIAL = ("__init__", "__enter__", "__exit__", "__del__")


def stub_of(module):
    path = pathlib.Path(module.__file__).with_suffix(".pyi")
    assert path.exists(), f"{path.name} is missing"
    return ast.parse(path.read_text())


def normal(annotation):
    """An annotation as text, however it was quoted."""
    if annotation is inspect.Parameter.empty:
        return ""
    if not isinstance(annotation, str):
        annotation = getattr(annotation, "__name__", str(annotation))
    return ast.unparse(ast.parse(annotation.strip("'\""), mode="eval"))


def runtime_signature(function, is_init):
    signature = inspect.signature(function)
    parameters = [
        (
            p.name,
            p.kind.name,
            normal(p.annotation),
            None if p.default is p.empty else repr(p.default),
        )
        for p in signature.parameters.values()
    ]
    returned = "None" if is_init else normal(signature.return_annotation)
    return parameters, returned


def stub_signature(node):
    found, arguments = [], node.args
    positional = [*arguments.posonlyargs, *arguments.args]
    defaults = [None] * (len(positional) - len(arguments.defaults)) + list(arguments.defaults)

    def add(argument, kind, default=None):
        text = None if default is None else repr(ast.literal_eval(default))
        note = ast.unparse(argument.annotation) if argument.annotation else ""
        found.append((argument.arg, kind, note, text))

    for argument, default in zip(positional, defaults):
        only = argument in arguments.posonlyargs
        add(argument, "POSITIONAL_ONLY" if only else "POSITIONAL_OR_KEYWORD", default)
    if arguments.vararg:
        add(arguments.vararg, "VAR_POSITIONAL")
    for argument, default in zip(arguments.kwonlyargs, arguments.kw_defaults):
        add(argument, "KEYWORD_ONLY", default)
    if arguments.kwarg:
        add(arguments.kwarg, "VAR_KEYWORD")
    return found, ast.unparse(node.returns) if node.returns else ""


def is_setter(node):
    return any(ast.unparse(d).endswith(".setter") for d in node.decorator_list)


def functions_of(members):
    """{name: underlying function} of what a class defines itself, and its properties."""
    result = {}
    for name, value in members.items():
        if name.startswith("_") and name not in SPECIAL:
            continue
        if isinstance(value, property):
            result[name] = value.fget
        elif isinstance(value, (classmethod, staticmethod)):
            result[name] = value.__func__
        elif inspect.isfunction(value):
            result[name] = value
    return result


def check_class(cls, node):
    assert [b.__name__ for b in cls.__bases__ if b is not object] == [
        ast.unparse(b) for b in node.bases
    ]
    actual = functions_of(vars(cls))
    if dataclasses.is_dataclass(cls):
        actual.pop("__init__", None)  # made from the fields
        fields = {f.name: normal(f.type) for f in dataclasses.fields(cls)}
        stated = {
            n.target.id: ast.unparse(n.annotation) for n in node.body if isinstance(n, ast.AnnAssign)
        }
        assert fields == stated
    setters = {n.name: n for n in node.body if isinstance(n, FUNCTIONS) and is_setter(n)}
    stated = {n.name: n for n in node.body if isinstance(n, FUNCTIONS) and not is_setter(n)}
    for name, value in vars(cls).items():
        if isinstance(value, property):
            assert (value.fset is not None) == (name in setters), name
            if value.fset:
                assert runtime_signature(value.fset, False) == stub_signature(setters[name]), name
    assert set(actual) == set(stated), cls.__name__
    for name, function in actual.items():
        kinds = {ast.unparse(d) for d in stated[name].decorator_list}
        member = vars(cls)[name]
        assert ("property" in kinds) == isinstance(member, property), name
        assert ("classmethod" in kinds) == isinstance(member, classmethod), name
        assert runtime_signature(function, name == "__init__") == stub_signature(stated[name]), name


@pytest.mark.skipif(sys.version_info < (3, 9), reason="ast.unparse")
@pytest.mark.parametrize("name", MODULES)
def test_stub_agrees(mlopt, name):
    if name == "mlopt.backend":
        pytest.importorskip("onnx")
    module = importlib.import_module(name)
    tree = stub_of(module)
    classes = {n.name: n for n in tree.body if isinstance(n, ast.ClassDef)}
    functions = {n.name: n for n in tree.body if isinstance(n, FUNCTIONS)}
    own = {
        k: v
        for k, v in vars(module).items()
        if not k.startswith("_") and getattr(v, "__module__", None) == name
    }
    assert {k for k, v in own.items() if inspect.isclass(v)} == set(classes)
    assert {k for k, v in own.items() if inspect.isfunction(v)} == set(functions)
    for key, node in classes.items():
        check_class(own[key], node)
    for key, node in functions.items():
        assert runtime_signature(own[key], False) == stub_signature(node), key


@pytest.mark.parametrize("name", MODULES)
def test_every_other_name_of_the_stub_exists(mlopt, name):
    if name == "mlopt.backend":
        pytest.importorskip("onnx")
    module = importlib.import_module(name)
    for node in stub_of(module).body:
        if isinstance(node, ast.Assign):
            names = [t.id for t in node.targets]
        elif isinstance(node, ast.AnnAssign):
            names = [node.target.id]
        elif isinstance(node, ast.ImportFrom) and node.level:
            names = [a.asname or a.name for a in node.names]
        else:
            continue
        for one in names:
            assert hasattr(module, one), f"{name}.pyi has {one}, which the module lacks"
    if name == "mlopt":
        stated = next(
            ast.literal_eval(n.value)
            for n in stub_of(module).body
            if isinstance(n, ast.Assign) and n.targets[0].id == "__all__"
        )
        assert stated == module.__all__


def test_marker(mlopt):
    """What tells type checkers that the package has types."""
    assert (pathlib.Path(mlopt.__file__).parent / "py.typed").exists()
