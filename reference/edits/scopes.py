"""The names that a program binds, each with every place where it stands."""

import ast
import builtins
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import Enum

from reference.edits.program import Program
from reference.edits.text import TextEdit, apply_edits


class NameKind(Enum):
    """What a name is bound to."""

    VARIABLE = "variable"
    PARAMETER = "parameter"
    FUNCTION = "function"
    FIXED = "fixed"  # imports, classes, and whatever may be known elsewhere by its name


@dataclass(eq=False, slots=True)
class Binding:
    """A name in the scope that binds it.

    Parameters
    ----------
    scope
        Of the function or class that binds the name: the names of those it lies in, joined by
        dots; empty for the module.
    places
        Offsets of all its occurrences, in the order of the text.
    """

    name: str
    scope: str
    kind: NameKind
    places: list[tuple[int, int]] = field(default_factory=list)


def bindings(program: Program) -> list[Binding]:
    """Return the bindings of a program in the order of their first place.

    Scopes follow Python's rules ("Naming and binding" in its reference manual): functions,
    lambdas, comprehensions and classes are scopes, `global` and `nonlocal` lead outwards.
    """
    found = _Resolver(program).resolve()
    for one in found:
        one.places = sorted(set(one.places))
    return sorted((one for one in found if one.places), key=lambda one: one.places[0])


def unbound_names(program: Program) -> set[str]:
    """Return the names that a program reads and neither it nor Python binds.

    Scopes are left out of account: a name bound anywhere counts as bound.
    """
    read: set[str] = set()
    bound: set[str] = set()
    for node in ast.walk(program.tree):
        if isinstance(node, ast.Name):
            (read if isinstance(node.ctx, ast.Load) else bound).add(node.id)
        elif isinstance(node, ast.arg):
            bound.add(node.arg)
        elif isinstance(node, ast.alias):
            if node.name == "*":
                return set()
            bound.add(node.asname or node.name.split(".")[0])
        else:
            name = getattr(node, "name", None)
            if isinstance(name, str):
                bound.add(name)
    return read - bound - _BUILTINS


def is_plausible(text: str, known: set[str]) -> bool:
    """Return whether a text is a program that reads no unbound names but the known ones."""
    try:
        return unbound_names(Program(text)) <= known
    except SyntaxError:
        return False


def rename(program: Program, names: Mapping[Binding, str]) -> str:
    """Return the program's text with bindings renamed, and nothing else changed."""
    edits = [
        TextEdit(start, end, name)
        for binding, name in names.items()
        for start, end in binding.places
        if name != binding.name
    ]
    return apply_edits(program.text, edits)


class _Scope:
    def __init__(self, path: str, parent: "_Scope | None", *, is_class: bool = False) -> None:
        self.path = path
        self.parent = parent
        self.is_class = is_class
        self.names: dict[str, Binding] = {}
        self.outer: dict[str, _Scope] = {}  # by `global` and `nonlocal`

    def bind(self, name: str, kind: NameKind) -> None:
        if name in self.outer:
            self.outer[name].bind(name, kind)
            return
        known = self.names.setdefault(name, Binding(name, self.path, kind))
        if known.kind is not kind and NameKind.PARAMETER not in (known.kind, kind):
            known.kind = NameKind.FIXED  # bound in two ways: leave it alone

    def look_up(self, name: str) -> Binding | None:
        scope: _Scope | None = self.outer.get(name, self)
        first = True
        while scope is not None:
            if name in scope.names and (first or not scope.is_class):
                return scope.names[name]
            scope, first = scope.parent, False
        return None


class _Resolver:
    """Binds names in a first pass over the tree, and collects their places in a second."""

    def __init__(self, program: Program) -> None:
        self._program = program
        self._module = _Scope("", None)
        self._scopes = [self._module]
        self._nodes = list(self._walk(program.tree, self._module))

    def resolve(self) -> list[Binding]:
        for node, scope in self._nodes:
            if isinstance(node, ast.Global | ast.Nonlocal):
                self._lead_outwards(node, scope)
        for node, scope in self._nodes:
            self._bind(node, scope)
        for node, scope in self._nodes:
            self._place(node, scope)
        found = [one for scope in self._scopes for one in scope.names.values()]
        keywords = {node.arg for node, _ in self._nodes if isinstance(node, ast.keyword)}
        by_name = any(isinstance(node, ast.Name) and node.id in _BY_NAME for node, _ in self._nodes)
        for one in found:
            # A caller may name a parameter, so its name belongs to the function's interface.
            if by_name or (one.kind is NameKind.PARAMETER and one.name in keywords):
                one.kind = NameKind.FIXED
        return found

    def _walk(self, node: ast.AST, scope: _Scope) -> Iterator[tuple[ast.AST, _Scope]]:
        """Yield every node with the scope in which its name is looked up."""
        yield node, scope
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda):
            own = self._open(getattr(node, "name", "<lambda>"), scope)
            inside = node.body if isinstance(node.body, list) else [node.body]
            arguments = node.args
            parameters = [
                *arguments.posonlyargs,
                *arguments.args,
                *([arguments.vararg] if arguments.vararg else ()),
                *arguments.kwonlyargs,
                *([arguments.kwarg] if arguments.kwarg else ()),
            ]
            outside: list[ast.AST | None] = [
                *getattr(node, "decorator_list", ()),
                getattr(node, "returns", None),
                *arguments.defaults,
                *arguments.kw_defaults,
                *(parameter.annotation for parameter in parameters),
            ]
            for one in outside:
                if one is not None:
                    yield from self._walk(one, scope)
            for parameter in parameters:
                yield parameter, own
            for one in inside:
                yield from self._walk(one, own)
        elif isinstance(node, ast.ClassDef):
            for one in (*node.decorator_list, *node.bases, *node.keywords):
                yield from self._walk(one, scope)
            own = self._open(node.name, scope, is_class=True)
            for one in node.body:
                yield from self._walk(one, own)
        elif isinstance(node, ast.ListComp | ast.SetComp | ast.DictComp | ast.GeneratorExp):
            own = self._open(_COMPREHENSION, scope)
            yield from self._walk(node.generators[0].iter, scope)
            for position, generator in enumerate(node.generators):
                if position:
                    yield from self._walk(generator.iter, own)
                for one in (generator.target, *generator.ifs):
                    yield from self._walk(one, own)
            values = [node.key, node.value] if isinstance(node, ast.DictComp) else [node.elt]
            for one in values:
                yield from self._walk(one, own)
        else:
            for one in ast.iter_child_nodes(node):
                yield from self._walk(one, scope)

    def _open(self, name: str, outer: _Scope, *, is_class: bool = False) -> _Scope:
        scope = _Scope(f"{outer.path}.{name}".lstrip("."), outer, is_class=is_class)
        self._scopes.append(scope)
        return scope

    def _lead_outwards(self, node: ast.Global | ast.Nonlocal, scope: _Scope) -> None:
        for name in node.names:
            outer = self._module
            if isinstance(node, ast.Nonlocal):
                outer = self._enclosing(name, scope)
            if outer is not scope:
                scope.outer[name] = outer

    def _enclosing(self, name: str, scope: _Scope) -> _Scope:
        """Return the nearest function around `scope` that stores `name`."""
        place = scope.parent
        while place is not None and place.parent is not None:
            if not place.is_class and any(
                where is place and _stores(node, name) for node, where in self._nodes
            ):
                return place
            place = place.parent
        return self._module

    def _bind(self, node: ast.AST, scope: _Scope) -> None:
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            scope.bind(node.name, NameKind.FIXED if scope.is_class else NameKind.FUNCTION)
        elif isinstance(node, ast.Import | ast.ImportFrom):
            for alias in node.names:
                scope.bind(alias.asname or alias.name.split(".")[0], NameKind.FIXED)
        elif isinstance(node, ast.arg):
            scope.bind(node.arg, NameKind.PARAMETER)
        elif isinstance(node, ast.Name):
            if not isinstance(node.ctx, ast.Load):
                target = self._target(node, scope)
                target.bind(node.id, NameKind.FIXED if target.is_class else NameKind.VARIABLE)
        else:
            for field_ in ("name", "rest"):
                name = getattr(node, field_, None)
                kinds = (ast.ClassDef, ast.ExceptHandler, ast.pattern)
                if isinstance(name, str) and isinstance(node, kinds):
                    scope.bind(name, NameKind.FIXED)

    def _target(self, name: ast.Name, scope: _Scope) -> _Scope:
        """Return the scope that a stored name binds in: `:=` leaves comprehensions."""
        parent = self._program.parents.get(name)
        if isinstance(parent, ast.NamedExpr) and parent.target is name:
            while scope.path.endswith(_COMPREHENSION) and scope.parent is not None:
                scope = scope.parent
        return scope

    def _place(self, node: ast.AST, scope: _Scope) -> None:
        if isinstance(node, ast.Name):
            self._add(scope.look_up(node.id), *self._program.span(node))
        elif isinstance(node, ast.arg):
            start = self._program.span(node)[0]
            self._add(scope.look_up(node.arg), start, start + len(node.arg))
        elif isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            start = self._word(node.name, self._program.span(node)[0])
            self._add(scope.look_up(node.name), start, start + len(node.name))
        elif isinstance(node, ast.Global | ast.Nonlocal):
            start = self._program.span(node)[0]
            for name in node.names:
                start = self._word(name, start)
                self._add(scope.look_up(name), start, start + len(name))
                start += len(name)

    def _word(self, name: str, start: int) -> int:
        return next(
            token.start
            for token in self._program.tokens
            if token.start >= start and token.text == name
        )

    def _add(self, binding: Binding | None, start: int, end: int) -> None:
        if binding is None:
            return
        binding.places.append((start, end))
        if self._program.text[start:end] != binding.name:
            # In an f-string of several lines, `ast` may not know the place.
            binding.kind = NameKind.FIXED


_BUILTINS = frozenset((*dir(builtins), "__name__", "__file__"))
_COMPREHENSION = "<comprehension>"
_BY_NAME = frozenset(("globals", "locals", "vars", "eval", "exec"))


def _stores(node: ast.AST, name: str) -> bool:
    if isinstance(node, ast.arg):
        return node.arg == name
    return isinstance(node, ast.Name) and node.id == name and not isinstance(node.ctx, ast.Load)
