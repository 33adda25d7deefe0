"""Functions and methods: the wrong one, one too many, one forgotten, arguments."""

import ast
from collections.abc import Iterator

from reference.edits import TextEdit
from reference.propose.mutations.operators.registry import Change, Site, operator

_FUNCTIONS = {
    "min": ("max", "sum"),
    "max": ("min", "sum"),
    "sum": ("max", "len", "min"),
    "len": ("sum", "max", "set"),
    "any": ("all",),
    "all": ("any",),
    "sorted": ("list", "set", "reversed"),
    "set": ("list", "sorted"),
    "list": ("set", "sorted", "str"),
    "int": ("float", "round", "str"),
    "float": ("int",),
    "round": ("int",),
    "str": ("int",),
    "ceil": ("floor",),
    "floor": ("ceil",),
    "divmod": ("pow",),
    "gcd": ("lcm",),
    "lcm": ("gcd",),
    "bisect_left": ("bisect_right",),
    "bisect_right": ("bisect_left",),
    "bisect": ("bisect_left",),
    "permutations": ("combinations", "product"),
    "combinations": ("permutations", "combinations_with_replacement"),
    "product": ("permutations", "combinations"),
    "chr": ("ord",),
    "ord": ("chr", "int"),
    "bin": ("hex",),
}
_METHODS = {
    "append": ("extend", "add", "appendleft"),
    "add": ("append", "discard"),
    "extend": ("append",),
    "pop": ("popleft", "remove"),
    "popleft": ("pop",),
    "appendleft": ("append",),
    "upper": ("lower", "capitalize", "title", "swapcase"),
    "lower": ("upper", "swapcase"),
    "title": ("capitalize", "upper"),
    "capitalize": ("title", "upper"),
    "isupper": ("islower",),
    "islower": ("isupper",),
    "isalpha": ("isalnum", "isdigit"),
    "isdigit": ("isalnum", "isalpha", "isnumeric"),
    "isalnum": ("isalpha",),
    "strip": ("rstrip", "lstrip", "split"),
    "rstrip": ("lstrip", "strip"),
    "lstrip": ("rstrip", "strip"),
    "startswith": ("endswith",),
    "endswith": ("startswith",),
    "find": ("rfind", "count", "index"),
    "index": ("count", "find"),
    "count": ("index", "find"),
    "values": ("keys", "items"),
    "keys": ("values", "items"),
    "items": ("values", "keys"),
    "ceil": ("floor",),
    "floor": ("ceil",),
    "bisect_left": ("bisect_right",),
    "bisect_right": ("bisect_left",),
    "heappush": ("heappop",),
    "setdefault": ("get",),
    "union": ("intersection",),
    "intersection": ("union",),
    "readline": ("read",),
    "update": ("add",),
}
_IN_PLACE = frozenset(
    (
        "append", "add", "extend", "insert", "remove", "pop", "popleft", "appendleft", "clear",
        "sort", "reverse", "update", "discard", "write", "setdefault", "heappush", "heappop",
    )
)  # fmt: skip
_WRAPPERS = ("int", "abs", "str", "sorted", "len", "set", "list", "sum", "max", "min", "round")


@operator("function", ast.Call)
def other_function(site: Site) -> Iterator[Change]:
    """`max` for `min`, `ceil` for `floor`, `append` for `extend`."""
    function = site.node.func
    if isinstance(function, ast.Name):
        for other in _FUNCTIONS.get(function.id, ()):
            yield f"{function.id}→{other}", site.program.replace(function, other)
    elif isinstance(function, ast.Attribute):
        end = site.program.span(function)[1]
        for other in _METHODS.get(function.attr, _FUNCTIONS.get(function.attr, ())):
            start = end - len(function.attr)
            yield f"{function.attr}→{other}", TextEdit(start, end, other)


@operator("function", ast.Call)
def in_order(site: Site) -> Iterator[Change]:
    """`list(dict.fromkeys(values))` for `list(set(values))` or `set(values)`: the order is kept."""
    call = site.node
    if _calls(call, "set") and len(call.args) == 1:
        parent = site.program.parents[call]
        if isinstance(parent, ast.Call) and call in parent.args:
            yield "set→dict.fromkeys", site.program.replace(call.func, "dict.fromkeys")
        else:
            distinct = f"list(dict.fromkeys({site.program.source(call.args[0])}))"
            yield "set→list of dict.fromkeys", site.program.replace(call, distinct)


@operator("function", ast.Expr)
def kept(site: Site) -> Iterator[Change]:
    """`s = s.strip()` for `s.strip()`, whose result is lost."""
    call = site.node.value
    if not isinstance(call, ast.Call):
        return
    target: ast.expr | None = None
    if isinstance(call.func, ast.Attribute) and call.func.attr not in _IN_PLACE:
        target = call.func.value
    elif isinstance(call.func, ast.Name) and call.func.id in _FUNCTIONS and call.args:
        target = call.args[0]
    if isinstance(target, ast.Name | ast.Subscript):
        start, _ = site.program.span(call)
        yield "kept", TextEdit(start, start, f"{site.program.source(target)} = ")


def _calls(call: ast.Call, name: str) -> bool:
    """Whether a call is one of the function `name`."""
    return isinstance(call.func, ast.Name) and call.func.id == name


def _called(call: ast.Call) -> str:
    """Return the name of the function or method that is called; empty where it has none."""
    return call.func.id if isinstance(call.func, ast.Name) else getattr(call.func, "attr", "")


@operator("function", ast.Call)
def own_function(site: Site) -> Iterator[Change]:
    """The program's own function for a built-in or another one, and a built-in for its own."""
    function = site.node.func
    if not isinstance(function, ast.Name):
        return
    own = [node.name for node in ast.walk(site.program.tree) if isinstance(node, ast.FunctionDef)]
    if function.id in own:
        name = function.id.strip("_").removeprefix("my").removeprefix("is").strip("_").lower()
        for other in _FUNCTIONS:
            if other != function.id and (other == name or (len(name) > 2 and other in name)):
                yield "built-in", site.program.replace(function, other)
        for other in own:
            if other != function.id:
                yield "own for own", site.program.replace(function, other)
    elif function.id in _FUNCTIONS:
        for other in own:
            yield "own", site.program.replace(function, other)


@operator("function", ast.Call)
def unwrapped(site: Site) -> Iterator[Change]:
    """A function or method that should not have been called."""
    call = site.node
    program = site.program
    if isinstance(call.func, ast.Name) and call.func.id in _FUNCTIONS and len(call.args) == 1:
        yield f"no {call.func.id}", program.replace(call, program.source(call.args[0]))
    elif isinstance(call.func, ast.Name) and call.func.id in ("min", "max") and call.args:
        for argument in call.args[:3]:
            yield f"no {call.func.id}", program.replace(call, program.source(argument))
    elif isinstance(call.func, ast.Attribute) and not call.args and not call.keywords:
        yield f"no {call.func.attr}", program.replace(call, program.source(call.func.value))


@operator("function", ast.Name, ast.Subscript, ast.BinOp, ast.Call)
def wrapped(site: Site) -> Iterator[Change]:
    """A function that was forgotten around a value."""
    node = site.node
    parent = site.program.parents.get(node)
    if not isinstance(getattr(node, "ctx", ast.Load()), ast.Load) or not isinstance(
        parent, ast.Assign | ast.Return | ast.Compare | ast.Call | ast.For | ast.BinOp
    ):
        return
    if isinstance(parent, ast.Call) and parent.func is node:
        return
    text = site.program.source(node)
    for function in _WRAPPERS:
        if not text.startswith(f"{function}("):
            yield f"{function} added", site.program.replace(node, f"{function}({text})")
    printed = isinstance(parent, ast.Call) and _calls(parent, "print")
    if isinstance(parent, ast.Assign | ast.Return | ast.BinOp) or printed:
        yield "at least zero", site.program.replace(node, f"max(0, {text})")
    if isinstance(parent, ast.Assign | ast.Return):
        for name, kind in site.ingredients.variables(node).items():
            if kind == "number" and name != text:
                for function in ("max", "min"):
                    changed = f"{function}({name}, {text})"
                    yield "bounded", site.program.replace(node, changed)


@operator("arguments", ast.Call)
def arguments(site: Site) -> Iterator[Change]:
    """Arguments exchanged, or one too many."""
    call = site.node
    program = site.program
    if _calls(call, "print") and len(call.args) > 1:
        for place, argument in enumerate(call.args):
            left = call.args[place - 1] if place else argument
            right = call.args[1] if not place else argument
            start = program.span(left)[1] if place else program.span(argument)[0]
            end = program.span(argument)[1] if place else program.span(right)[0]
            yield "print less", TextEdit(start, end, "")
    for left, right in zip(call.args, call.args[1:], strict=False):
        if not isinstance(left, ast.Starred) and not isinstance(right, ast.Starred):
            yield (
                "exchanged",
                (
                    program.replace(left, program.source(right)),
                    program.replace(right, program.source(left)),
                ),
            )
    for keyword in call.keywords:
        start, end = program.span(keyword)
        before = program.text.rfind(",", 0, start)
        inside = before > program.span(call.func)[1]
        yield f"no {keyword.arg}", TextEdit(before if inside else start, end, "")
        if keyword.arg == "reverse" and isinstance(keyword.value, ast.Constant):
            yield "reverse", program.replace(keyword.value, str(not keyword.value.value))


@operator("arguments", ast.Call)
def keyword_forgotten(site: Site) -> Iterator[Change]:
    """`reverse=True` forgotten in a sort, `key=len`, `[::-1]`."""
    call = site.node
    name = _called(call)
    if name not in ("sorted", "sort") or any(word.arg == "reverse" for word in call.keywords):
        return
    end = site.program.span(call)[1] - 1
    comma = ", " if call.args or call.keywords else ""
    yield "reversed", TextEdit(end, end, f"{comma}reverse=True")
    if not any(word.arg == "key" for word in call.keywords):
        yield "key", TextEdit(end, end, f"{comma}key=len")
        yield "key", TextEdit(end, end, f"{comma}key=int")
        yield "key", TextEdit(end, end, f"{comma}key=lambda x: x[1]")
        yield "key", TextEdit(end, end, f"{comma}key=lambda x: x[0]")


@operator("arguments", ast.Call)
def keyword_unnamed(site: Site) -> Iterator[Change]:
    """`sorted(values, key=size)` for `sorted(values, size)`."""
    call = site.node
    name = _called(call)
    place = {"sort": 0, "sorted": 1, "min": 1, "max": 1}.get(name)
    if place is not None and len(call.args) == place + 1:
        function = call.args[place]
        if isinstance(function, ast.Lambda) or name in ("sort", "sorted"):
            start = site.program.span(function)[0]
            yield "key named", TextEdit(start, start, "key=")


@operator("input", ast.Call)
def reading(site: Site) -> Iterator[Change]:
    """What is made of a line of input: a number, numbers, words, characters."""
    call = site.node
    program = site.program
    text = program.source(call)
    function = call.func
    line = "input()" if text.startswith(("input", "int(input", "map(", "list(")) else None
    if line is None or "input()" not in text:
        return
    forms = {
        "text": "input()",
        "number": "int(input())",
        "numbers": "map(int, input().split())",
        "list": "list(map(int, input().split()))",
        "words": "input().split()",
        "characters": "list(input())",
        "stripped": "input().strip()",
    }
    parent = program.parents.get(call)
    if isinstance(parent, ast.Attribute | ast.Call) and isinstance(function, ast.Name):
        return
    for variant, form in forms.items():
        if form != text:
            yield variant, program.replace(call, form)


@operator("choice", ast.IfExp)
def branches(site: Site) -> Iterator[Change]:
    """The two values of a conditional expression exchanged, or one of them only."""
    choice = site.node
    program = site.program
    body, other = program.source(choice.body), program.source(choice.orelse)
    yield "exchanged", (program.replace(choice.body, other), program.replace(choice.orelse, body))
    yield "first", program.replace(choice, body)
    yield "second", program.replace(choice, other)
