"""Programs as the zygote keeps them: compiled once, run many times."""

import contextlib
import gc
import importlib
import re
import sys
import traceback
import types
import warnings
from typing import Any

PROGRAM_FILE = "main.py"
PRELUDE_FILE = "prelude.py"
# Slow to import: loaded in the zygote when the first program comes that imports them.
LOADED_ON_DEMAND = ("numpy",)


class Program:
    """A compiled program, or why it could not be compiled."""

    def __init__(self, header: dict[str, Any]) -> None:
        self.source: str = header["source"].removeprefix("\ufeff")
        self.function: bool = header["function"]
        self.prelude: types.CodeType | None = None
        self.code: types.CodeType | None = None
        self.fault: dict[str, Any] | None = None
        try:
            if header["prelude"]:
                self.prelude = compile_source(header["prelude"], PRELUDE_FILE, "exec")
            self.code = compile_source(self.source, PROGRAM_FILE, "exec")
        except (SyntaxError, ValueError, OverflowError, MemoryError, RecursionError) as error:
            line = error.lineno if isinstance(error, SyntaxError) else None
            message = "".join(traceback.format_exception_only(error))
            self.fault = {"line": line, "message": message}
        load_modules(self.source)


def load_modules(source: str) -> None:
    """Load what `source` imports and no child shall have to load by itself."""
    for name in LOADED_ON_DEMAND:
        if name not in sys.modules and re.search(rf"\b{name}\b", source):
            _import_if_there(name)
            gc.freeze()


def compile_source(source: str, name: str, mode: str) -> types.CodeType:
    """Compile without a word of warning."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        code = compile(source, name, mode, dont_inherit=True)
    assert isinstance(code, types.CodeType)
    return code


def _import_if_there(name: str) -> None:
    with contextlib.suppress(Exception):  # a package may be broken in any way
        importlib.import_module(name)
