"""Where the program registers something: a model, a data asset, an environment, in a registry."""

import ast
from collections.abc import Iterator

from diagnose.evidence.source.finding import CodeFinding, CodeKind, Project, found
from diagnose.evidence.source.module import Module, is_function

_CALLS = frozenset(
    {
        "register_model",
        "create_registered_model",
        "create_model_version",
        "register_dataset",
        "register_environment",
    }
)
_ON_A_REGISTRY = {
    "register": frozenset({"Model", "Dataset", "Environment", "Datastore", "TabularDataset", "FileDataset"}),
    "create_or_update": frozenset({"models", "data", "environments", "components"}),
}
"""Methods that mean it only on these holders: `Model.register`, `client.models.create_or_update`."""
ADDRESSES = ("/modelmanagement/", "/mlflow/registered-models", "/mlflow/model-versions", "/modelregistry/")
"""Parts of the addresses of model registries."""

_NAMES = ("regist", "publish", "enregistr", "publi")
"""What a function is called that only registers."""


def registrations(module: Module, _project: Project) -> Iterator[CodeFinding]:
    """Functions, and `try` statements outside of any, in which something is registered."""
    places: dict[ast.AST, None] = {}
    for node in module.nodes:
        if _registers(node):
            places[_place(module, node)] = None
    for place in places:
        if isinstance(place, ast.stmt):
            yield found(module, place, CodeKind.REGISTRATION, "registers something there")


def _registers(node: ast.AST) -> bool:
    match node:
        case ast.Constant(value=str() as text):
            return any(address in text for address in ADDRESSES)
        case ast.Call(func=ast.Attribute(value=holder, attr=name)):
            return name in _CALLS or _last(holder) in _ON_A_REGISTRY.get(name, frozenset())
        case ast.Call(func=ast.Name(id=name)):
            return name in _CALLS
        case ast.keyword(arg="registered_model_name"):
            return True
    return False


def _last(node: ast.expr) -> str:
    return node.attr if isinstance(node, ast.Attribute) else node.id if isinstance(node, ast.Name) else ""


def _place(module: Module, node: ast.AST) -> ast.AST:
    """Its function, where that does nothing else by its name; else the `try` around it, else its own statement."""
    around = list(module.ancestors(node))
    function = next((each for each in around if is_function(each)), None)
    attempt = next((each for each in around if isinstance(each, ast.Try | ast.TryStar)), None)
    own = function if function and any(word in function.name.lower() for word in _NAMES) else None
    return own or attempt or module.statement(node)
