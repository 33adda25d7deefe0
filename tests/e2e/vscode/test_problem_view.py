"""The problem beside the program: its tests, its statement, and nothing that could do harm."""

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from .conftest import OpenWorkbench

TRAP = """<script>document.body.remove()</script>
<img src="{address}/pixel.png" onerror="document.body.remove()">
![a picture]({address}/picture.png)
<iframe src="{address}/"></iframe>
<form action="{address}/"><button>the end of the statement</button></form>
"""


class Listener(ThreadingHTTPServer):
    """Takes note of what it is asked for."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.address = f"http://127.0.0.1:{self.server_port}"
        self.asked: list[str] = []


class _Handler(BaseHTTPRequestHandler):
    server: Listener

    def do_GET(self) -> None:
        self.server.asked.append(self.path)
        self.send_error(404)

    def log_message(self, format: str, *arguments: Any) -> None:
        pass


@pytest.fixture
def listener() -> Iterator[Listener]:
    with Listener() as listener:
        threading.Thread(target=listener.serve_forever, daemon=True).start()
        yield listener
        listener.shutdown()


def test_the_problem_is_shown_beside_the_program_and_follows_it(
    open_workbench: OpenWorkbench, with_server: dict[str, Any]
) -> None:
    workbench = open_workbench("pepper_grades.py", settings=with_server)
    workbench.open(workbench.folder / "pepper_grades.py")
    workbench.squiggles.first.wait_for()

    workbench.page.locator(".codelens-decoration a", has_text="Show the failing test").click()
    view = workbench.webview
    view.get_by_text("pepper_grades.py: 12 of 15 tests passed").wait_for()
    view.locator("h1").first.wait_for()
    assert view.locator("#failing-test").get_by_text("wrong answer").count() == 1
    tests = view.locator("#tests li")
    assert tests.count() == 15
    failed = view.locator("#tests .failed").all_inner_texts()
    assert len(failed) == 3
    assert "edge-2499-2500: wrong answer" in failed
    workbench.shoot("problem")

    view.get_by_role("button", name="Compare with the fix").click()
    diff = workbench.page.locator(".monaco-diff-editor")
    diff.wait_for()
    apply = workbench.page.locator(".editor-actions").get_by_role("button", name="Apply the Fix")
    apply.click()
    diff.wait_for(state="detached")
    view.get_by_text("pepper_grades.py: 15 of 15 tests passed").wait_for()
    view.locator("#failing-test").wait_for(state="hidden")
    assert view.locator("#tests .passed").count() == 15
    workbench.shoot("problem-solved")

    workbench.put_cursor_on("if heat < 2500")
    workbench.page.keyboard.press("End")
    workbench.page.keyboard.type("  # sure")
    view.get_by_text("15 of 15 tests passed before the last change").wait_for()
    view.get_by_role("button", name="Run the tests again").click()
    view.get_by_text("before the last change").wait_for(state="detached")
    view.get_by_text("pepper_grades.py: 15 of 15 tests passed").wait_for()


def test_nothing_in_a_statement_can_run_or_be_fetched(
    open_workbench: OpenWorkbench, with_server: dict[str, Any], listener: Listener
) -> None:
    workbench = open_workbench(settings=with_server)
    problem = workbench.folder / "trap"
    (problem / "tests").mkdir(parents=True)
    (problem / "problem.toml").write_text('title = "A trap"\n', "utf-8")
    (problem / "statement.md").write_text(TRAP.format(address=listener.address), "utf-8")
    (problem / "tests" / "1.in").write_text("1\n", "utf-8")
    (problem / "tests" / "1.out").write_text(
        "<img src=x onerror=document.body.remove()>\n", "utf-8"
    )
    program = problem / "echo.py"
    program.write_text("print(input())\n", "utf-8")
    workbench.open(program)
    workbench.wait_for_status("0 of 1 tests pass")
    workbench.run("WPC: Show the Problem")

    view = workbench.webview
    view.get_by_text("the end of the statement").wait_for()
    assert view.locator("#tests li").count() == 1
    policy = view.locator('meta[http-equiv="Content-Security-Policy"]').get_attribute("content")
    assert policy is not None
    directives = dict(part.strip().split(" ", 1) for part in policy.split(";"))
    assert directives["default-src"] == "'none'"
    assert directives["script-src"].startswith("'nonce-")
    assert not listener.asked
