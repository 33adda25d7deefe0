"""Normal forms of programs: re-printed, and with abstract names."""

import ast
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import count

from reference.edits.program import Program
from reference.edits.scopes import Binding, NameKind, bindings, rename
from reference.edits.tokens import TokenKind

_PREFIX = {NameKind.VARIABLE: "var", NameKind.PARAMETER: "var", NameKind.FUNCTION: "method"}


@dataclass(frozen=True, slots=True)
class Abstraction:
    """A program with abstract names.

    Parameters
    ----------
    text
        The program with its variables called `var0`, `var1` and so on, its functions `method0`,
        in the order of their first place. Everything else is as in the original: layout,
        comments, strings, keyword arguments, attributes, imports, built-ins.
    names
        The original name of each abstract one.
    """

    text: str
    names: Mapping[str, str]

    def restore(self) -> str:
        """Return the original program."""
        program = Program(self.text)
        back = {one: self.names[one.name] for one in bindings(program) if one.name in self.names}
        return rename(program, back)


def generalise(code: str) -> str:
    """Return a program re-printed from its syntax tree, without comments.

    Raises
    ------
    SyntaxError
        If `code` is not Python, or too deeply nested to be printed.
    """
    try:
        return ast.unparse(ast.parse(code))
    except (ValueError, RecursionError, MemoryError) as error:
        raise SyntaxError(str(error)) from error


def abstract(code: str) -> Abstraction:
    r"""Return a program with abstract names, one for each binding.

    Parameters
    ----------
    code
        A program with `\n` line ends.

    Raises
    ------
    SyntaxError
        If `code` is not Python.
    """
    program = Program(code)
    found = bindings(program)
    renamable = [one for one in found if one.kind in _PREFIX]
    places = {place for one in renamable for place in one.places}
    # Names that stay, such as a built-in that happens to be called var0, must not be hidden.
    kept = {
        token.text
        for token in program.tokens
        if token.kind is TokenKind.WORD and (token.start, token.end) not in places
    }
    names: dict[str, str] = {}
    renamed: dict[Binding, str] = {}
    for prefix in ("var", "method"):
        free = (name for name in (f"{prefix}{number}" for number in count()) if name not in kept)
        for one in renamable:
            if _PREFIX[one.kind] == prefix:
                renamed[one] = name = next(free)
                names[name] = one.name
    return Abstraction(rename(program, renamed), names)


def canonical(code: str) -> str:
    """Return a text that programs share which differ only in names, comments and layout.

    Raises
    ------
    SyntaxError
        If `code` is not Python, or too deeply nested.
    """
    try:
        return generalise(abstract(code).text)
    except RecursionError as error:
        raise SyntaxError(str(error)) from error
