"""`range`: where a loop starts, ends, and how it steps."""

import ast
from collections.abc import Iterator

from reference.edits import TextEdit
from reference.propose.mutations.operators.registry import Change, Site, operator


@operator("range", ast.Call)
def bounds(site: Site) -> Iterator[Change]:
    """Other bounds and steps of `range`."""
    call = site.node
    if not (isinstance(call.func, ast.Name) and call.func.id == "range") or not call.args:
        return
    program = site.program
    arguments = [program.source(argument) for argument in call.args]
    if any(isinstance(argument, ast.Starred) for argument in call.args):
        return
    for variant, changed in _forms(arguments):
        if changed != arguments:
            start = program.text.index("(", program.span(call.func)[1])
            yield variant, TextEdit(start, program.span(call)[1], f"({', '.join(changed)})")


def _forms(arguments: list[str]) -> Iterator[tuple[str, list[str]]]:
    if len(arguments) == 1:
        stop = arguments[0]
        yield "from one to", ["1", f"{stop} + 1"]
        yield "from one", ["1", stop]
        yield "from two to", ["2", f"{stop} + 1"]
        yield "from two", ["2", stop]
        yield "backwards", [f"{stop} - 1", "-1", "-1"]
        yield "every second", ["0", stop, "2"]
    elif len(arguments) == 2:
        start, stop = arguments
        yield "from zero", [stop]
        yield "from one", ["1", stop]
        yield "both one more", [f"{start} + 1", f"{stop} + 1"]
        yield "both one fewer", [f"{start} - 1", f"{stop} - 1"]
        yield "from zero to", [f"{stop} + 1"]
        yield "backwards", [stop, start, "-1"]
        yield "every second", [start, stop, "2"]
    else:
        start, stop, step = arguments
        yield "no step", [start, stop]
        negative = step[1:] if step.startswith("-") else f"-{step}"
        yield "turned", [start, stop, negative]
        yield "unit step", [start, stop, "1"]
        yield "other way", [stop, start, step]


@operator("iteration", ast.For)
def other_sequence(site: Site) -> Iterator[Change]:
    """A loop over another sequence in sight, or over the elements in the place of indices."""
    source = site.node.iter
    kinds = site.ingredients.variables(site.node)
    for name, kind in kinds.items():
        if kind == "sequence":
            if not (isinstance(source, ast.Name) and source.id == name):
                yield "elements", site.program.replace(source, name)
            if not isinstance(source, ast.Call):
                yield "indices", site.program.replace(source, f"range(len({name}))")
        elif kind == "number" and isinstance(source, ast.Name):
            yield "counted", site.program.replace(source, f"range({name})")
