"""Reports kept between runs, so that an unchanged program is not judged again."""

import contextlib
import hashlib
import os
import tempfile
import time
from pathlib import Path

import platformdirs

from reference.protocol import Health, ProblemSummary, RepairReport, RepairRequest, Verdict

KEEP_S = 30 * 24 * 3600.0
KEEP_CUT_SHORT_S = 3600.0  # enough to go on with a run; later, more luck is worth a try


class ReportCache:
    """Reports on disk, by program, problem, options and engine.

    They hold parts of the programs and of the tests, so the folder is the user's own. A cache
    that cannot be written is no error: the next run asks again.

    Parameters
    ----------
    engine
        Whose reports they are: what another engine said is not handed out.
    bank
        What the endpoint's bank holds: a problem that has changed is another one.
    """

    def __init__(self, folder: Path, engine: Health, bank: list[ProblemSummary]) -> None:
        self._folder = folder
        self._digest = engine.digest
        self._engine = f"{engine.version}\n{engine.digest}\n{engine.model}\n{engine.device}\n"
        self._bank = {problem.id: f"{problem.digest}\n{problem.tests}\n" for problem in bank}

    def get(self, request: RepairRequest) -> RepairReport | None:
        """Return the report on the same request to the same engine, if it is kept."""
        file = self._file(request)
        try:
            report = RepairReport.model_validate_json(file.read_bytes())
            age_s = time.time() - file.stat().st_mtime
        except (OSError, ValueError):
            return None
        return None if age_s > KEEP_CUT_SHORT_S and _was_cut_short(report, request) else report

    def put(self, request: RepairRequest, report: RepairReport) -> None:
        """Keep a report, unless the next answer may be another one."""
        if report.verdict is Verdict.NOT_JUDGED or report.engine.digest != self._digest:
            return
        file = self._file(request)
        with contextlib.suppress(OSError):
            file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            descriptor, temporary = tempfile.mkstemp(dir=file.parent)
            try:
                with os.fdopen(descriptor, "w", encoding="utf-8") as stream:
                    stream.write(report.model_dump_json())
                Path(temporary).replace(file)
            except BaseException:
                Path(temporary).unlink(missing_ok=True)
                raise

    def prune(self) -> None:
        """Drop what was written long ago."""
        oldest = time.time() - KEEP_S
        with contextlib.suppress(OSError):
            for file in self._folder.glob("*/*"):
                if file.stat().st_mtime < oldest:
                    file.unlink(missing_ok=True)

    def _file(self, request: RepairRequest) -> Path:
        key = hashlib.sha256(self._engine.encode())
        if request.problem.id is not None:
            key.update(self._bank.get(request.problem.id, "").encode())
        key.update(request.model_dump_json().encode("utf-8", "surrogatepass"))
        name = key.hexdigest()
        return self._folder / name[:2] / name[2:]


def _was_cut_short(report: RepairReport, request: RepairRequest) -> bool:
    """Whether the search for a fix took all of its time, so that another may find one."""
    spent_s = report.timings_ms.get("total", 0.0) / 1000
    return (
        report.verdict is not Verdict.ACCEPTED
        and not report.fixes
        and spent_s > 0.9 * request.options.time_budget_s
    )


def default_folder() -> Path:
    """Return this user's folder for reports."""
    return platformdirs.user_cache_path("wpc") / "reports"
