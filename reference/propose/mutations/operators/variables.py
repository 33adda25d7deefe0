"""Variables taken for one another."""

import ast
from collections.abc import Iterator

from reference.propose.mutations.operators.registry import Change, Site, operator


@operator("variable", ast.Name)
def other_variable(site: Site) -> Iterator[Change]:
    """Another variable in sight, those of the same kind first."""
    name = site.node
    kinds = site.ingredients.variables(name)
    if name.id not in kinds:
        return
    kind = kinds[name.id]
    stored = isinstance(name.ctx, ast.Store)
    for other, its in kinds.items():
        if other == name.id or (
            stored and not isinstance(site.program.parents.get(name), ast.Assign | ast.AugAssign)
        ):
            continue
        alike = "same kind" if its == kind != "any" else "any" if "any" in (its, kind) else "other"
        yield f"{'stored' if stored else 'read'} {alike}", site.program.replace(name, other)


@operator("variable", ast.Name)
def value(site: Site) -> Iterator[Change]:
    """A small number in the place of a variable."""
    if isinstance(site.node.ctx, ast.Load) and site.node.id in site.ingredients.variables(
        site.node
    ):
        for number in ("0", "1"):
            yield f"number {number}", site.program.replace(site.node, number)


@operator("element", ast.Subscript)
def element(site: Site) -> Iterator[Change]:
    """Indices exchanged, or the whole in the place of an element."""
    subscript = site.node
    program = site.program
    if isinstance(subscript.value, ast.Subscript) and not isinstance(
        subscript.value.slice, ast.Slice
    ):
        outer, inner = subscript.value.slice, subscript.slice
        if not isinstance(inner, ast.Slice) and program.source(outer) != program.source(inner):
            yield (
                "exchanged",
                (
                    program.replace(outer, program.source(inner)),
                    program.replace(inner, program.source(outer)),
                ),
            )
    if isinstance(subscript.ctx, ast.Load):
        yield "whole", program.replace(subscript, program.source(subscript.value))
