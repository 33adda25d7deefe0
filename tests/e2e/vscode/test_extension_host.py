"""The extension's own tests, in the real extension host, with the packed extension."""

import json
from pathlib import Path
from typing import Any

from .conftest import OpenWorkbench
from .toolbox import Toolbox


def test_the_extension_passes_its_own_tests(
    open_workbench: OpenWorkbench, toolbox: Toolbox, with_server: dict[str, Any], tmp_path: Path
) -> None:
    results = tmp_path / "results.json"
    workbench = open_workbench(settings=with_server, variables={"WPC_TEST_RESULTS": str(results)})
    status = workbench.run_tests(toolbox.suite)

    outcome = json.loads(results.read_text("utf-8"))
    for test in outcome["tests"]:
        print(
            f"{test['fullTitle']} ({test.get('duration', 0)} ms) {test['err'].get('message', '')}"
        )
    failures = [f"{test['fullTitle']}: {test['err']['stack']}" for test in outcome["failures"]]
    assert not failures, "\n\n".join(failures)
    assert outcome["stats"]["passes"] == outcome["stats"]["tests"] > 0
    assert status == 0
