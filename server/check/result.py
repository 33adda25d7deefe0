"""What a check says of each file, and of all."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

from reference.protocol import Fix, RepairReport
from server.check.diff import unified_diff
from server.check.source import Source
from server.findings import Finding


@dataclass(frozen=True)
class FileResult:
    """What a check says of one file: it was judged, or skipped, or could not be checked.

    Parameters
    ----------
    path
        As shown: relative to the working folder where it lies there, with `/`.
    source
        `None` where the file could not be read.
    problem
        Name of the problem that the file solves, if one is known.
    report
        The endpoint's answer, where there is one.
    findings
        Those let through by settings, comments and baseline.
    skipped
        Why the file was left out; that is no error.
    without_problem
        Whether that is because it solves no known problem.
    error
        Why the file could not be checked.
    fixed
        Whether the fix was written.
    """

    path: str
    source: Source | None = None
    problem: str | None = None
    report: RepairReport | None = None
    findings: tuple[Finding, ...] = ()
    skipped: str | None = None
    without_problem: bool = False
    error: str | None = None
    fixed: bool = False

    def fixed_text(self, fix: Fix) -> str:
        """Return the program as `fix` changes it."""
        assert self.source is not None
        return self.source.edited(fix.edits)

    def diff(self, fix: Fix) -> str:
        """Return the unified diff of a fix."""
        assert self.source is not None
        return unified_diff(self.path, self.source.text, self.fixed_text(fix))


@dataclass(frozen=True)
class Summary:
    """What a check says of all files together."""

    results: Sequence[FileResult]

    @cached_property
    def judged(self) -> list[FileResult]:
        """Files that the endpoint answered for."""
        return [result for result in self.results if result.report is not None]

    @cached_property
    def wrong(self) -> list[FileResult]:
        """Files with findings that remain."""
        return [result for result in self.results if result.findings and not result.fixed]

    @cached_property
    def fixed(self) -> list[FileResult]:
        """Files that were fixed."""
        return [result for result in self.results if result.fixed]

    @cached_property
    def errors(self) -> list[FileResult]:
        """Files that could not be checked."""
        return [result for result in self.results if result.error is not None]

    @cached_property
    def without_problem(self) -> list[FileResult]:
        """Files that solve no known problem."""
        return [result for result in self.results if result.without_problem]


def fixable(results: Iterable[FileResult], *, unsafe: bool) -> list[tuple[FileResult, Fix]]:
    """Return the files that can be fixed, each with its best fix.

    Parameters
    ----------
    unsafe
        Also where the fix does not pass every test of the problem, or there is none.
    """
    return [
        (result, finding.fixes[0])
        for result in results
        for finding in result.findings
        if finding.fixes and (unsafe or finding.verified)
    ]
