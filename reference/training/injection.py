"""Put realistic logic errors into accepted programs.

Each family of edits undoes what a real fix does, and is drawn as often as fixes of that kind were
counted in ConDefects (Wu et al., 2023). An edit replaces a stretch of the program's text, so that
everything else, layout and comments included, stays as its author wrote it.
"""

import ast
import itertools
import random
import re
from collections.abc import Callable, Iterator, Sequence

from reference.training.grafting import grafts
from reference.training.text_edit import Program, TextEdit

FAMILY_SHARES = {
    "comparison": 7.0,
    "condition": 11.0,
    "case": 7.0,
    "jump": 1.5,
    "operator": 4.0,
    "offset": 9.0,
    "off_by_one": 9.0,
    "bounds": 5.0,
    "index": 4.0,
    "constant": 7.0,
    "variable": 8.0,
    "output": 11.0,
    "input": 2.5,
    "indentation": 2.0,
    "function": 5.0,
    "statement": 8.5,
    "expression": 5.0,
    "block": 6.0,
    "graft": 16.0,
}
EDITS_PER_PROGRAM = {1: 0.30, 2: 0.22, 3: 0.18, 4: 0.16, 6: 0.14}
"""Beginners' fixes are longer than contest programmers': three in four change several lines."""

_NEAR = 160
_LONGEST_RUN = 4

_COMPARISONS = {
    "<": ("<=", "<=", ">", "!="),
    "<=": ("<", "<", ">=", "=="),
    ">": (">=", ">=", "<", "!="),
    ">=": (">", ">", "<=", "=="),
    "==": ("!=", "<=", ">=", "<", ">"),
    "!=": ("==", "<", ">"),
    " in ": (" not in ",),
    " not in ": (" in ",),
    " is ": (" == ", " is not "),
}
_OPERATORS = {
    "+": ("-", "*"),
    "-": ("+", "*"),
    "*": ("+", "**", "//"),
    "//": ("/", "/", "%", "*"),
    "/": ("//", "//", "*", "%"),
    "%": ("//", "/"),
    "**": ("*", "^"),
    "&": ("|", "^"),
    "|": ("&", "^"),
    "^": ("|", "&", "**"),
    "<<": (">>",),
    ">>": ("<<",),
}
_FUNCTIONS = {
    "min": ("max",),
    "max": ("min", "sum"),
    "sum": ("max", "len"),
    "len": ("max", "sum"),
    "any": ("all",),
    "all": ("any",),
    "sorted": ("list", "set"),
    "set": ("list", "sorted"),
    "list": ("set", "sorted"),
    "round": ("int",),
    "int": ("round", "float"),
    "ceil": ("floor", "int"),
    "floor": ("ceil",),
    "reversed": ("list",),
    "bisect_left": ("bisect_right",),
    "bisect_right": ("bisect_left",),
    "bisect": ("bisect_left",),
    "combinations": ("permutations", "combinations_with_replacement"),
    "permutations": ("combinations",),
    "append": ("extend", "add"),
    "upper": ("lower", "title"),
    "lower": ("upper",),
    "isupper": ("islower",),
    "islower": ("isupper",),
    "pop": ("popleft",),
    "popleft": ("pop",),
    "startswith": ("endswith",),
    "endswith": ("startswith",),
    "count": ("index", "find"),
    "find": ("rfind", "count"),
    "index": ("count",),
    "lstrip": ("rstrip",),
    "rstrip": ("lstrip", "strip"),
    "gcd": ("lcm",),
    "replace": ("strip",),
}
_WRAPPERS = {"int", "list", "sorted", "set", "abs", "str", "round", "max", "min", "float", "sum"}
_VERDICT_WORDS = ("Yes", "No", "YES", "NO", "yes", "no")


def possible_edits(code: str, rng: random.Random, donors: Sequence[str] = ()) -> list[TextEdit]:
    """Return edits of `code` that may make it wrong; random where a choice is open.

    One of the `donors`, programs for the same problem, gives pieces to put in place of others.

    Raises
    ------
    SyntaxError, ValueError, RecursionError
        If `code` is not a Python program.
    """
    program = Program(code)
    edits = [
        edit
        for node in ast.walk(program.tree)
        for edits_of in _NODE_EDITS
        for edit in edits_of(program, node, rng)
    ]
    for node in ast.walk(program.tree):
        for field in ("body", "orelse", "finalbody"):
            block = getattr(node, field, None)
            if isinstance(block, list) and block and isinstance(block[0], ast.stmt):
                edits.extend(_block_edits(program, node, block, rng))
    if donors:
        edits.extend(grafts(program, rng.choice(donors), rng))
    return [edit for edit in edits if code[edit.start : edit.end] != edit.text]


def inject(code: str, rng: random.Random, donors: Sequence[str] = ()) -> str | None:
    """Return `code` with one to six errors put in, or None where that did not work out."""
    wrong = code
    count = rng.choices(list(EDITS_PER_PROGRAM), list(EDITS_PER_PROGRAM.values()))[0]
    near: int | None = None
    for _ in range(count):
        try:
            edits = possible_edits(wrong, rng, donors)
        except (SyntaxError, ValueError, RecursionError):
            return None
        if near is not None and rng.random() < 0.5:
            # Errors keep company: a misread task shows in neighbouring lines.
            edits = [edit for edit in edits if abs(edit.start - near) < _NEAR] or edits
        if not edits:
            return None
        families = sorted({edit.family for edit in edits})
        family = rng.choices(families, [FAMILY_SHARES[name] for name in families])[0]
        edit = rng.choice([edit for edit in edits if edit.family == family])
        wrong = wrong[: edit.start] + edit.text + wrong[edit.end :]
        near = edit.start
    try:
        ast.parse(wrong)
    except (SyntaxError, ValueError, RecursionError):
        return None
    return wrong if wrong != code else None


def _comparison(program: Program, node: ast.AST, rng: random.Random) -> Iterator[TextEdit]:
    if not isinstance(node, ast.Compare):
        return
    operands = [node.left, *node.comparators]
    for left, right in itertools.pairwise(operands):
        gap = program.code[program.end(left) : program.start(right)]
        symbol = re.search(r"[<>=!]+| not in | in | is ", gap)
        if symbol and symbol[0] in _COMPARISONS:
            new = rng.choice(_COMPARISONS[symbol[0]])
            yield program.between("comparison", left, right, symbol[0], new)
            if symbol[0] in "<=>=":
                strict = symbol[0][:-1] if symbol[0].endswith("=") else symbol[0] + "="
                if strict and strict != "=":
                    yield program.between("off_by_one", left, right, symbol[0], strict)
    if len(operands) > 2:
        dropped = operands[:-1] if rng.random() < 0.5 else operands[1:]
        start, end = program.start(dropped[0]), program.end(dropped[-1])
        yield program.replace("condition", node, program.code[start:end])


def _condition(program: Program, node: ast.AST, rng: random.Random) -> Iterator[TextEdit]:
    if isinstance(node, ast.BoolOp):
        left, right = node.values[:2]
        gap = program.code[program.end(left) : program.start(right)]
        if " and " in gap:
            yield program.between("condition", left, right, " and ", " or ")
        elif " or " in gap:
            yield program.between("condition", left, right, " or ", " and ")
        for keep in {0, len(node.values) - 1, rng.randrange(len(node.values))}:
            yield program.replace("condition", node, program.text(node.values[keep]))
    elif isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not):
        yield program.replace("condition", node, program.text(node.operand))
    elif isinstance(node, ast.If | ast.While):
        test = program.text(node.test)
        if not isinstance(node.test, ast.Constant) and rng.random() < 0.3:
            yield program.replace("condition", node.test, f"not ({test})")
    elif isinstance(node, ast.comprehension) and node.ifs:
        start = program.end(node.iter)
        yield TextEdit("condition", start, program.end(node.ifs[-1]), "")
    elif isinstance(node, ast.IfExp):
        branch = program.text(node.body if rng.random() < 0.5 else node.orelse)
        yield program.replace("case", node, branch)
        swapped = (
            f"{program.text(node.orelse)} if {program.text(node.test)} else "
            f"{program.text(node.body)}"
        )
        yield program.replace("case", node, swapped)


def _operator(program: Program, node: ast.AST, rng: random.Random) -> Iterator[TextEdit]:
    if isinstance(node, ast.BinOp):
        gap = program.code[program.end(node.left) : program.start(node.right)]
        symbol = re.search(r"\*\*|//|<<|>>|[-+*/%&|^]", gap)
        if symbol:
            new = rng.choice(_OPERATORS[symbol[0]])
            yield program.between("operator", node.left, node.right, symbol[0], new)
        family = "offset" if isinstance(node.right, ast.Constant) else "expression"
        yield program.replace(family, node, program.text(node.left))
        if rng.random() < 0.4:
            yield program.replace("expression", node, program.text(node.right))
        if isinstance(node.left, ast.BinOp):
            inner = program.text(node.left)
            before = program.code[: program.start(node.left)].rstrip()
            after = program.code[program.end(node.left) :].lstrip()
            if before.endswith("(") and after.startswith(")"):
                start, end = len(before) - 1, len(program.code) - len(after) + 1
                yield TextEdit("operator", start, end, inner)
    elif isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
        yield program.replace("operator", node, program.text(node.operand))
    elif isinstance(node, ast.AugAssign):
        start, end = program.end(node.target), program.start(node.value)
        gap = program.code[start:end]
        symbol = re.search(r"(\*\*|//|<<|>>|[-+*/%&|^])=", gap)
        if symbol:
            new = rng.choice(["+=", "-=", "=", "*="])
            yield TextEdit("operator", start, end, gap.replace(symbol[0], new, 1))


def _constant(program: Program, node: ast.AST, rng: random.Random) -> Iterator[TextEdit]:
    if not isinstance(node, ast.Constant):
        return
    parent = program.parents.get(node)
    if isinstance(node.value, bool):
        yield program.replace("constant", node, str(not node.value))
    elif isinstance(node.value, int):
        value = node.value
        near = rng.choice([value + 1, value - 1])
        yield program.replace("off_by_one", node, str(near) if near >= 0 else f"({near})")
        far = rng.choice([0, 1, 2, value * 10, value // 10, value * 2, 10**9, 100, value + 2])
        yield program.replace("constant", node, str(far))
        digits = str(value)
        if len(digits) > 2:
            place = rng.randrange(len(digits))
            yield program.replace("constant", node, digits[:place] + digits[place + 1 :])
    elif isinstance(node.value, float):
        factor = rng.choice([10, 0.1, 2, 0.5])
        yield program.replace("constant", node, repr(node.value * factor))
    elif isinstance(node.value, str) and not isinstance(parent, ast.Expr | ast.JoinedStr):
        text = program.text(node)
        if text[:1] in "'\"" and not text.startswith(('"""', "'''")) and len(text) > 2:
            yield program.replace("output", node, _misspelled(text, rng))


def _misspelled(literal: str, rng: random.Random) -> str:
    quote, inner = literal[0], literal[1:-1]
    choices = [
        inner.upper(),
        inner.lower(),
        inner.capitalize(),
        inner + rng.choice([" ", "!", "s", "."]),
        inner[:-1],
        inner[1:],
        inner.strip(" .!"),
    ]
    if inner in _VERDICT_WORDS:
        choices += rng.choices(_VERDICT_WORDS, k=4)
    return quote + rng.choice(choices) + quote


def _name(program: Program, node: ast.AST, rng: random.Random) -> Iterator[TextEdit]:
    if not isinstance(node, ast.Name) or not isinstance(node.ctx, ast.Load):
        return
    parent = program.parents.get(node)
    if node.id not in program.variables or (isinstance(parent, ast.Call) and parent.func is node):
        return
    others = [name for name in program.variables if name != node.id]
    if others:
        yield program.replace("variable", node, rng.choice(others))
    if isinstance(parent, ast.Call | ast.BinOp | ast.Compare | ast.Subscript):
        sign = rng.choice(["+", "-"])
        space = rng.choice(["", " "])
        yield program.replace("offset", node, f"{node.id}{space}{sign}{space}1")


def _subscript(program: Program, node: ast.AST, rng: random.Random) -> Iterator[TextEdit]:
    if not isinstance(node, ast.Subscript):
        return
    if not isinstance(node.slice, ast.Slice):
        text = program.text(node.slice)
        if len(text) < 16 and not isinstance(node.slice, ast.Tuple):
            yield program.replace("index", node.slice, text + rng.choice([" + 1", " - 1", "+1"]))
        if rng.random() < 0.2:
            yield program.replace("index", node, program.text(node.value))
        return
    part = node.slice
    lower = program.text(part.lower) if part.lower else ""
    upper = program.text(part.upper) if part.upper else ""
    step = program.text(part.step) if part.step else ""
    change = rng.choice(["lower", "upper", "no lower", "no upper", "no step", "whole"])
    if change == "lower":
        lower = lower + rng.choice([" + 1", " - 1"]) if lower else "1"
    elif change == "upper":
        upper = upper + rng.choice([" + 1", " - 1"]) if upper else "-1"
    elif change == "no lower":
        lower = ""
    elif change == "no upper":
        upper = ""
    elif change == "no step":
        step = "" if step else "2"
    else:
        yield program.replace("index", node, program.text(node.value))
        return
    text = f"[{lower}:{upper}:{step}]" if step else f"[{lower}:{upper}]"
    yield TextEdit("index", program.end(node.value), program.end(node), text)


def _call(program: Program, node: ast.AST, rng: random.Random) -> Iterator[TextEdit]:
    if not isinstance(node, ast.Call):
        return
    name = node.func.id if isinstance(node.func, ast.Name) else ""
    method = node.func.attr if isinstance(node.func, ast.Attribute) else ""
    arguments = [program.text(argument) for argument in node.args]
    open_paren, close = program.end(node.func), program.end(node)
    if name == "range" and arguments and not node.keywords:
        for new in rng.sample(_other_ranges(arguments), 2):
            yield TextEdit("bounds", open_paren, close, f"({', '.join(new)})")
        return
    if name == "print":
        yield from _print(program, node, arguments, rng)
        return
    if name in _FUNCTIONS:
        yield program.replace("function", node.func, rng.choice(_FUNCTIONS[name]))
    if method in _FUNCTIONS and isinstance(node.func, ast.Attribute):
        start = program.end(node.func.value)
        other = "." + rng.choice(_FUNCTIONS[method])
        yield TextEdit("function", start, open_paren, other)
    if name in _WRAPPERS and len(arguments) == 1 and not node.keywords:
        family = "input" if "input" in arguments[0] or "read" in arguments[0] else "function"
        yield program.replace(family, node, arguments[0])
    if name in ("max", "min") and len(arguments) >= 2:
        yield program.replace("expression", node, rng.choice(arguments))
    if name == "map" and len(arguments) == 2:
        new_type = rng.choice([arguments[1], f"map(str, {arguments[1]})"])
        yield program.replace("input", node, new_type)
    if node.keywords and rng.random() < 0.7:
        dropped = rng.choice(node.keywords)
        kept = arguments + [
            f"{keyword.arg}={program.text(keyword.value)}"
            for keyword in node.keywords
            if keyword is not dropped and keyword.arg
        ]
        yield TextEdit("function", open_paren, close, f"({', '.join(kept)})")
    if len(arguments) == 2 and name != "map" and rng.random() < 0.4:
        swapped = f"({arguments[1]}, {arguments[0]})"
        yield TextEdit("variable", open_paren, close, swapped)
    if not arguments and method and isinstance(node.func, ast.Attribute):
        yield program.replace("function", node, program.text(node.func.value))


def _other_ranges(arguments: list[str]) -> list[list[str]]:
    if len(arguments) == 1:
        (stop,) = arguments
        return [[f"{stop} - 1"], [f"{stop} + 1"], ["1", stop], ["1", f"{stop} + 1"], [f"{stop}-1"]]
    start, stop, *step = arguments
    others = [
        [start, f"{stop} - 1", *step],
        [start, f"{stop} + 1", *step],
        [f"{start} + 1", stop, *step],
        [f"{start} - 1", stop, *step],
        ["0" if start != "0" else "1", stop, *step],
    ]
    without = stop.removesuffix("+1").removesuffix("-1").rstrip(" +-")
    if without and without != stop:
        others += [[start, without, *step]] * 3
    others.append([start, stop] if step else [stop])
    if step:
        others.append([start, stop, f"-{step[0]}"])
    return others


def _print(
    program: Program, node: ast.Call, arguments: list[str], rng: random.Random
) -> Iterator[TextEdit]:
    start, end = program.end(node.func), program.end(node)
    keywords = [f"{k.arg}={program.text(k.value)}" for k in node.keywords if k.arg]
    if keywords:
        kept = [keyword for keyword in keywords if keyword != rng.choice(keywords)]
        yield TextEdit("output", start, end, f"({', '.join(arguments + kept)})")
    elif rng.random() < 0.2:
        ending = rng.choice(["end=''", "end=' '", "sep=''"])
        yield TextEdit("output", start, end, f"({', '.join([*arguments, ending])})")
    if len(arguments) >= 2 and not keywords:
        yield TextEdit("output", start, end, f"({', '.join(arguments[:-1])})")
        yield TextEdit("output", start, end, f"({', '.join(arguments[::-1])})")
    if len(arguments) == 1 and len(node.args) == 1:
        argument = node.args[0]
        if isinstance(argument, ast.Starred):
            yield TextEdit("output", start, end, f"({program.text(argument.value)})")
        elif isinstance(argument, ast.Call) and len(argument.args) == 1:
            yield TextEdit("output", start, end, f"({program.text(argument.args[0])})")
        elif not isinstance(argument, ast.Constant):
            wrapped = rng.choice(["int({})", "str({})", "{} + 1", "{} - 1", "[{}]", "-{}"])
            yield TextEdit("output", start, end, f"({wrapped.format(arguments[0])})")


def _targets(program: Program, node: ast.AST, rng: random.Random) -> Iterator[TextEdit]:
    if isinstance(node, ast.Tuple) and isinstance(node.ctx, ast.Store) and len(node.elts) >= 2:
        place = rng.randrange(len(node.elts) - 1)
        left, right = node.elts[place], node.elts[place + 1]
        swapped = f"{program.text(right)}, {program.text(left)}"
        yield TextEdit("input", program.start(left), program.end(right), swapped)
    elif (
        isinstance(node, ast.Assign)
        and isinstance(node.value, ast.Constant)
        and type(node.value.value) is int
    ):
        initial = rng.choice(["0", "1", "-1", "10**9", "float('inf')"])
        yield program.replace("constant", node.value, initial)
    elif isinstance(node, ast.Return) and node.value is not None:
        other = rng.choice(["0", "None", "-1", "True", "False"])
        yield program.replace("statement", node, f"return {other}")


_NODE_EDITS: tuple[Callable[[Program, ast.AST, random.Random], Iterator[TextEdit]], ...] = (
    _comparison,
    _condition,
    _operator,
    _constant,
    _name,
    _subscript,
    _call,
    _targets,
)


def _block_edits(
    program: Program, owner: ast.AST, block: list[ast.stmt], rng: random.Random
) -> Iterator[TextEdit]:
    for place, statement in enumerate(block):
        if not program.alone_on_lines(statement, block):
            continue
        yield from _missing_run(program, block, place, rng)
        start, end = program.whole_lines(statement)
        indentation = program.indentation(statement)
        blank = f"{indentation}pass\n" if len(block) == 1 else ""
        if isinstance(statement, ast.Break | ast.Continue):
            other = "continue" if isinstance(statement, ast.Break) else "break"
            yield TextEdit("jump", start, end, f"{indentation}{other}\n")
            yield TextEdit("jump", start, end, blank)
        elif isinstance(statement, ast.Assign | ast.AugAssign | ast.Expr):
            yield TextEdit("statement", start, end, blank)
        elif isinstance(statement, ast.If):
            yield from _if(program, statement, indentation, blank)
        following = block[place + 1] if place + 1 < len(block) else None
        if following is not None and program.alone_on_lines(following, block):
            yield from _neighbours(program, statement, following)
        if isinstance(statement, ast.For | ast.While | ast.If) and not statement.orelse:
            last = statement.body[-1]
            if len(statement.body) > 1 and program.alone_on_lines(last, statement.body):
                yield _shifted(program, last, indentation)


def _missing_run(
    program: Program, block: list[ast.stmt], place: int, rng: random.Random
) -> Iterator[TextEdit]:
    """Leave out several statements, or keep only the body of a loop or condition."""
    run = block[place : place + rng.randint(2, _LONGEST_RUN)]
    if 1 < len(run) < len(block) and all(program.alone_on_lines(s, block) for s in run):
        yield TextEdit("block", *program.whole_lines(run[0], run[-1]), "")
    statement = block[place]
    if isinstance(statement, ast.For | ast.While | ast.If):
        body = statement.body
        keyword = program.code[program.start(statement) :]
        if body[0].lineno > statement.lineno and not keyword.startswith("elif"):
            text = program.code[slice(*program.whole_lines(body[0], body[-1]))]
            inner = re.escape(program.indentation(body[0]))
            dedented = re.sub(rf"(?m)^{inner}", program.indentation(statement), text)
            yield TextEdit("block", *program.whole_lines(statement), dedented)


def _if(program: Program, statement: ast.If, indentation: str, blank: str) -> Iterator[TextEdit]:
    start, end = program.whole_lines(statement)
    is_elif = program.code[program.start(statement) :].startswith("elif")
    if not statement.orelse:
        if end - start < 300 and not is_elif:
            yield TextEdit("case", start, end, blank)
            body_start, body_end = program.whole_lines(statement.body[0], statement.body[-1])
            if statement.body[0].lineno > statement.lineno:
                text = program.code[body_start:body_end]
                inner = program.indentation(statement.body[0])
                if inner.startswith(indentation) and len(inner) > len(indentation):
                    dedented = re.sub(rf"(?m)^{re.escape(inner)}", indentation, text)
                    yield TextEdit("condition", start, end, dedented)
        return
    first, last = statement.orelse[0], statement.orelse[-1]
    body_end = program.whole_lines(statement.body[-1])[1]
    if first.lineno <= (statement.body[-1].end_lineno or 0):
        return
    chained = isinstance(first, ast.If) and program.text(first).startswith("elif")
    if chained and isinstance(first, ast.If):
        # Drop one branch of the chain: `elif a: …` up to the next branch.
        branch_start = program.whole_lines(first)[0]
        branch_end = program.whole_lines(first.body[-1])[1]
        yield TextEdit("case", branch_start, branch_end, "")
        keyword = program.start(first)
        yield TextEdit("condition", keyword, keyword + len("elif"), "if")
    else:
        yield TextEdit("case", body_end, program.whole_lines(last)[1], "")
        else_start, else_end = program.whole_lines(first, last)
        then_start, then_end = program.whole_lines(statement.body[0], statement.body[-1])
        if statement.body[0].lineno > statement.lineno and program.code[then_end - 1] == "\n":
            then_text = program.code[then_start:then_end]
            else_text = program.code[else_start:else_end]
            middle = program.code[then_end:else_start]
            if not else_text.endswith("\n"):
                else_text, then_text = else_text + "\n", then_text.rstrip("\n")
            yield TextEdit("case", then_start, else_end, else_text + middle + then_text)


def _neighbours(program: Program, first: ast.stmt, second: ast.stmt) -> Iterator[TextEdit]:
    simple = (ast.Assign, ast.AugAssign, ast.Expr)
    if isinstance(first, simple) and isinstance(second, simple):
        start, middle = program.whole_lines(first)
        second_start, end = program.whole_lines(second)
        one, two = program.code[start:middle], program.code[second_start:end]
        if not two.endswith("\n"):
            one, two = one.rstrip("\n"), two + "\n"
        between = program.code[middle:second_start]
        yield TextEdit("statement", start, end, two + between + one)
    elif (
        isinstance(first, ast.For | ast.While | ast.If)
        and not first.orelse
        and first.body[0].lineno > first.lineno
        and program.alone_on_lines(first.body[0], [])
    ):
        yield _shifted(program, second, program.indentation(first.body[0]))


def _shifted(program: Program, statement: ast.stmt, indentation: str) -> TextEdit:
    start, end = program.whole_lines(statement)
    old = program.indentation(statement)
    text = re.sub(rf"(?m)^{re.escape(old)}", indentation, program.code[start:end])
    return TextEdit("indentation", start, end, text)
