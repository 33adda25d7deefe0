"""A child that tries many programs on a few inputs, one after the other."""

import _thread
import atexit
import builtins
import decimal
import gc
import os
import random
import re
import resource
import signal
import sys
import threading
import types
from collections.abc import Callable, Sequence, Set
from typing import IO, Any, NoReturn

from reference.judge.inside import confinement
from reference.judge.inside.child import OWN_FRAMES, TEST_FILE, exit_status, write_out
from reference.judge.inside.frames import write_all
from reference.judge.inside.ledger import Ending, Ledger
from reference.judge.inside.program import PRELUDE_FILE, PROGRAM_FILE, compile_source
from reference.judge.inside.steps import Steps
from reference.judge.inside.values import checksum, serialised

INPUT_FD, OUTPUT_FD, ERRORS_FD, ALIVE_FD = 3, 4, 5, 6
CARRIED_BYTES = 64 << 20  # of memory that earlier programs may have left allocated


class Screen:
    """Programs that share a process, and what each finds there as if it were the first.

    What a program leaves behind is undone where that is cheap; where it is not, the process
    ends and leaves the other programs to another.

    Parameters
    ----------
    inputs
        Each program is tried on all of them, up to one that it does not survive, or for which
        it gives something else than what has the checksum in `expected`.
    function
        An input is an expression to evaluate after the program; what is recorded is then its
        encoded value instead of the output.
    steps
        How many a program may make on each input; None where only time counts.
    most
        Bytes of output, and of an encoded value, that a program may have.
    """

    def __init__(
        self,
        sources: Sequence[str],
        prelude: str,
        inputs: Sequence[bytes],
        expected: Sequence[int | None],
        *,
        function: bool,
        steps: Sequence[int | None],
        most: tuple[int, int],
        ledger: Ledger,
    ) -> None:
        self._sources = sources
        self._prelude = prelude
        self._inputs = inputs
        self._expected = expected
        self._function = function
        self._steps = steps
        self._most_output, self._most_value = most
        self._ledger = ledger

    def run(self, descriptors: tuple[int, int, int, int], **limits: Any) -> NoReturn:
        """Take input, output, a place for errors and a pipe that tells of the end; try all."""
        given, output, errors, alive = descriptors
        status = 1
        try:
            confinement.take((given, output, errors, given, output, errors, alive))
            confinement.confine(**limits)
            self._prepare()
            for source, words in zip(self._sources, self._words, strict=True):
                if not self._try(source, words):
                    break
            self._ledger.begin(stopped=True)
            status = 0
        finally:
            os._exit(status)

    def _try(self, source: str, words: Set[str]) -> bool:
        """Try a program on every input; return whether this process is still fit for another."""
        program = None
        # A program may name these alone.
        named = [contents for name, contents in self._contents.items() if name in words]
        inputs = zip(self._inputs, self._expected, self._steps, strict=True)
        for given, expected, steps in inputs:
            self._ledger.begin()
            self._restore(given)
            if program is None:
                program = self._compiled(source)
            ending, output = self._attempt(program, given, steps)
            if ending is Ending.WELL and expected not in (None, checksum(output)):
                ending = Ending.OTHER
            if not self._ledger.add(ending, output) or self._is_spoiled(named):
                return False
            if ending is not Ending.WELL:
                break
        return True

    def _prepare(self) -> None:
        """Note what programs may change."""
        gc.enable()
        self._depth = sys.getrecursionlimit() + OWN_FRAMES
        self._path = list(sys.path)
        self._modules = dict(sys.modules)
        # Of the modules that some program names: to copy all would copy most of this process.
        self._words = [_words(source) for source in self._sources]
        words = set().union(*self._words)
        self._contents = {
            name: (module.__dict__, dict(module.__dict__))
            for name, module in sys.modules.items()
            if name in words and name not in ("sys", "__main__")
        }
        self._peak = _peak_bytes() + CARRIED_BYTES
        self._chance = random.getstate()
        self._stdio = [(s.encoding, s.errors) for s in (sys.stdin, sys.stdout, sys.stderr)]
        self._threads = 0
        self._expressions: dict[bytes, types.CodeType] = {}
        self._before: types.CodeType | None = None
        if self._prelude:
            self._before = compile_source(self._prelude, PRELUDE_FILE, "exec")
        gc.collect()
        gc.freeze()

    def _compiled(self, source: str) -> types.CodeType | None:
        try:
            return compile_source(source.removeprefix("\ufeff"), PROGRAM_FILE, "exec")
        except BaseException:
            return None

    def _attempt(
        self, program: types.CodeType | None, given: bytes, most: int | None
    ) -> tuple[Ending, bytes]:
        """Run a program; return how it ended, and what it gave."""
        if program is None:
            return Ending.BADLY, b""
        main_module = types.ModuleType("__main__")
        namespace = main_module.__dict__
        namespace.update(__file__=PROGRAM_FILE, __builtins__=builtins)
        sys.modules["__main__"] = main_module
        value: list[bytes] = []
        steps = Steps(sys.maxsize if most is None else most)
        if most is not None:
            steps.start()
        status = _guard(lambda: self._evaluate(program, given, namespace, value))
        sys.settrace(None)
        self._threads = _thread._count()
        if self._threads:
            status = _guard(threading._shutdown) or status  # type: ignore[attr-defined]
        _guard(atexit._run_exitfuncs)
        write_out(namespace)
        namespace.clear()
        if steps.spent:
            return Ending.CUT, b""
        size = os.fstat(OUTPUT_FD).st_size
        if status or size > self._most_output:
            return Ending.BADLY, b""
        if self._function:
            good = len(value) == 1 and len(value[0]) <= self._most_value
            return (Ending.WELL, value[0]) if good else (Ending.BADLY, b"")
        return Ending.WELL, os.pread(OUTPUT_FD, size, 0)

    def _restore(self, given: bytes) -> None:
        """Undo what the program before may have changed."""
        sys.modules.update(self._modules)
        sys.path[:] = self._path
        sys.setrecursionlimit(self._depth)
        sys.settrace(None)
        threading.stack_size(0)
        random.setstate(self._chance)
        decimal.setcontext(decimal.DefaultContext.copy())
        signal.setitimer(signal.ITIMER_REAL, 0)
        # Files that are garbage close their descriptors, and streams write their rest, now.
        gc.collect()
        gc.enable()
        for name in ("stdin", "stdout", "stderr"):
            setattr(sys, name, None)
            setattr(sys, f"__{name}__", None)
        os.ftruncate(INPUT_FD, 0)
        if not self._function:
            os.lseek(INPUT_FD, 0, os.SEEK_SET)
            write_all(INPUT_FD, given)
        os.lseek(INPUT_FD, 0, os.SEEK_SET)
        os.ftruncate(OUTPUT_FD, 0)
        os.lseek(OUTPUT_FD, 0, os.SEEK_SET)
        for fd, source in enumerate((INPUT_FD, OUTPUT_FD, ERRORS_FD)):
            os.dup2(source, fd)
        os.closerange(ALIVE_FD + 1, confinement.OPEN_FILES)
        for fd, name in enumerate(("stdin", "stdout", "stderr")):
            stream = _open(fd, *self._stdio[fd])
            setattr(sys, name, stream)
            setattr(sys, f"__{name}__", stream)

    def _evaluate(
        self, program: types.CodeType, given: bytes, namespace: dict[str, Any], value: list[bytes]
    ) -> None:
        if self._before is not None:
            exec(self._before, namespace)
        exec(program, namespace)
        if self._function:
            expression = self._expressions.get(given)
            if expression is None:
                text = given.decode("utf-8", "surrogatepass").strip()
                expression = self._expressions[given] = compile_source(text, TEST_FILE, "eval")
            value.append(serialised(eval(expression, namespace)))

    def _is_spoiled(self, named: Sequence[tuple[dict[str, Any], dict[str, Any]]]) -> bool:
        """Whether a program left what the next must not find, and what is not easily undone."""
        return (
            self._threads > 0
            or _peak_bytes() > self._peak
            or any(now != before for now, before in named)
            or any(os.scandir())
        )


def _words(source: str) -> set[str]:
    """Return the names of modules that a program may use: its words, and what it has unnamed."""
    return {"builtins", *re.findall(r"\w+", source)}


def _guard(action: Callable[[], object]) -> int:
    """Return the exit status that an interpreter would have after `action`."""
    try:
        action()
    except SystemExit as end:
        return exit_status(end)
    except BaseException:
        return 1
    return 0


def _open(fd: int, encoding: str, errors: str | None) -> IO[str]:
    """Open a descriptor as an interpreter does at its start."""
    mode = "w" if fd else "r"
    return open(fd, mode, encoding=encoding, errors=errors, newline="\n", closefd=False)


def _peak_bytes() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss << 10
