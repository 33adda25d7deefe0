"""What mutations are made of: names, values and conditions from the program and its problem."""

import ast
import re
from collections import Counter
from collections.abc import Sequence
from functools import cached_property

from reference.edits import Program
from reference.protocol import Problem

_WORD = re.compile(r"[^\s\d][^\s]*")
_QUOTED = re.compile(r"`([^`\n]{1,30})`|\"([^\"\n]{1,30})\"|'([^'\n]{1,30})'")
_NUMBER = re.compile(r"(?<![\w.])\d{1,12}(?![\w.])")
_CONSTRUCTORS = {
    "int": "number",
    "len": "number",
    "sum": "number",
    "float": "number",
    "abs": "number",
    "str": "text",
    "input": "text",
    "list": "sequence",
    "sorted": "sequence",
    "set": "sequence",
    "dict": "sequence",
    "range": "sequence",
}
_MOST = 24  # of each ingredient: the rarer ones are seldom right, and the search is finite

Scope = ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda | ast.Module


class Ingredients:
    """The material of one program and its problem.

    Parameters
    ----------
    words
        Texts that the tests that may be seen expect, and texts quoted in the statement.
    numbers
        Integers in the program, then those in the statement, most frequent first.
    """

    def __init__(self, program: Program, problem: Problem) -> None:
        self._program = program
        self.words = _words(problem)
        self.numbers = _numbers(program, problem)

    @cached_property
    def _names(self) -> dict[Scope, dict[str, str]]:
        """The variables that each scope binds, with their kinds."""
        names: dict[Scope, dict[str, str]] = {}
        for node in ast.walk(self._program.tree):
            if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
                kinds = names.setdefault(self._scope(node), {})
                kind = self._kind(node)
                kinds[node.id] = kind if kinds.get(node.id, kind) == kind else "any"
            elif isinstance(node, ast.arg):
                names.setdefault(self._scope(node), {})[node.arg] = "any"
        return names

    def variables(self, place: ast.AST) -> dict[str, str]:
        """Return the variables visible at a node with their kinds.

        A kind is `number`, `text`, `sequence` or `any`.
        """
        scope = self._scope(place)
        return {**self._names.get(self._program.tree, {}), **self._names.get(scope, {})}

    @cached_property
    def conditions(self) -> list[str]:
        """The comparisons and truth tests that the program makes, most frequent first."""
        texts: Counter[str] = Counter()
        for node in ast.walk(self._program.tree):
            if isinstance(node, ast.If | ast.While | ast.IfExp):
                atoms = node.test.values if isinstance(node.test, ast.BoolOp) else [node.test]
                texts.update(self._program.source(atom) for atom in atoms)
        return [text for text, _ in texts.most_common(_MOST) if len(text) < 60]

    def _scope(self, node: ast.AST) -> Scope:
        parents = self._program.parents
        place = parents.get(node)
        while place is not None and not isinstance(
            place, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda
        ):
            place = parents.get(place)
        return place if place is not None else self._program.tree

    def _kind(self, name: ast.Name) -> str:
        parent = self._program.parents[name]
        if isinstance(parent, ast.Assign):
            return _kind_of(parent.value)
        if isinstance(parent, ast.AugAssign):
            return "number" if not isinstance(parent.op, ast.Add) else "any"
        if isinstance(parent, ast.For | ast.comprehension):
            source = parent.iter
            counted = isinstance(source, ast.Call) and _called(source) == "range"
            return "number" if counted else "any"
        if isinstance(parent, ast.Tuple | ast.List):
            owner = self._program.parents.get(parent)
            if isinstance(owner, ast.Assign):
                value = owner.value
                if isinstance(value, ast.Call) and _called(value) == "map" and value.args:
                    function = value.args[0]
                    if isinstance(function, ast.Name):
                        return _CONSTRUCTORS.get(function.id, "any")
                if isinstance(value, ast.Tuple) and len(value.elts) == len(parent.elts):
                    return _kind_of(value.elts[parent.elts.index(name)])
        return "any"


def _called(call: ast.Call) -> str:
    return call.func.id if isinstance(call.func, ast.Name) else ""


def _kind_of(value: ast.expr) -> str:
    if isinstance(value, ast.Constant):
        if isinstance(value.value, int | float):
            return "number"
        return "text" if isinstance(value.value, str) else "any"
    if isinstance(value, ast.List | ast.ListComp | ast.Set | ast.Dict | ast.DictComp):
        return "sequence"
    if isinstance(value, ast.Call):
        if isinstance(value.func, ast.Attribute) and value.func.attr == "split":
            return "sequence"
        return _CONSTRUCTORS.get(_called(value), "any")
    if isinstance(value, ast.BinOp):
        kinds = {_kind_of(value.left), _kind_of(value.right)} - {"any"}
        return kinds.pop() if len(kinds) == 1 else "any"
    return "any"


def _words(problem: Problem) -> Sequence[str]:
    counts: Counter[str] = Counter()
    for test in problem.tests:
        for line in test.output.split("\n"):
            text = line.strip()
            if text and _WORD.fullmatch(text.split(" ")[0]) and len(text) <= 30:
                counts[text] += 1
        counts.update(word for word in _WORD.findall(test.output) if len(word) <= 30)
    for statement in problem.statements.values():
        counts.update(word for groups in _QUOTED.findall(statement) for word in groups if word)
    return [word for word, _ in counts.most_common(_MOST)]


def _numbers(program: Program, problem: Problem) -> Sequence[int]:
    inside: Counter[int] = Counter(
        node.value
        for node in ast.walk(program.tree)
        if isinstance(node, ast.Constant) and type(node.value) is int
    )
    outside: Counter[int] = Counter()
    for statement in problem.statements.values():
        outside.update(int(number) for number in _NUMBER.findall(statement))
    ordered = [n for n, _ in inside.most_common(_MOST // 2)]
    ordered += [n for n, _ in outside.most_common(_MOST) if n not in inside]
    return ordered[:_MOST]
