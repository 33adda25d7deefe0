"""How results are printed: separators, line ends, texts in the place of truth values."""

import ast
from collections.abc import Iterator

from reference.edits import TextEdit
from reference.propose.mutations.operators.registry import Change, Site, operator


@operator("print", ast.Call)
def layout(site: Site) -> Iterator[Change]:
    """Separators and line ends of `print`."""
    call = site.node
    if not (isinstance(call.func, ast.Name) and call.func.id == "print"):
        return
    program = site.program
    end = program.span(call)[1] - 1
    given = {keyword.arg for keyword in call.keywords}
    comma = ", " if call.args or call.keywords else ""
    if "end" not in given:
        for text in ("''", "' '"):
            yield "end", TextEdit(end, end, f"{comma}end={text}")
    if "sep" not in given and call.args:
        for text in ("''", "'\\n'", "' '"):
            if len(call.args) > 1 or isinstance(call.args[0], ast.Starred):
                yield "sep", TextEdit(end, end, f"{comma}sep={text}")
    if len(call.args) == 1:
        argument = call.args[0]
        if isinstance(argument, ast.Starred):
            yield "not spread", program.replace(argument, program.source(argument.value))
            return
        text = program.source(argument)
        yield "spread", program.replace(argument, f"*{text}")
        yield "spread lines", program.replace(argument, f"*{text}, sep='\\n'")
        yield "joined", program.replace(argument, f"''.join({text})")
        yield "joined by space", program.replace(argument, f"' '.join({text})")
        yield "joined numbers", program.replace(argument, f"''.join(map(str, {text}))")
        yield "integer", program.replace(argument, f"int({text})")
        for digits in ("1", "2", "6", "10"):
            yield "decimals", program.replace(argument, f"f'{{{text}:.{digits}f}}'")
        words = site.ingredients.words
        if len(words) >= 2 and isinstance(argument, ast.Compare | ast.Name | ast.BoolOp):
            for yes in words[:4]:
                for no in words[:4]:
                    if yes != no and "'" not in yes + no:
                        choice = f"'{yes}' if {text} else '{no}'"
                        yield "words", program.replace(argument, choice)


@operator("print", ast.Call)
def other_value(site: Site) -> Iterator[Change]:
    """Another variable printed in the place of an expression."""
    call = site.node
    if not (isinstance(call.func, ast.Name) and call.func.id == "print"):
        return
    for argument in call.args:
        if not isinstance(argument, ast.Name | ast.Constant | ast.Starred):
            for name in site.ingredients.variables(call):
                yield "variable", site.program.replace(argument, name)
