"""The deployed class in Modal's own container runtime, asked through its ASGI bridge."""

from pathlib import Path

import pytest

from .conftest import ROOT, Altered
from .standin import ControlPlane, DeployedClass, HttpRequest, run_container

PROBLEM = {
    "inline": {
        "tests": [
            {"name": "sample-1", "input": "1 2\n", "output": "3\n", "sample": True},
            {"name": "2", "input": "5 8\n", "output": "13\n"},
        ]
    }
}
WRONG = "a, b = map(int, input().split())\nprint(a - b)\n"
RIGHT = "a, b = map(int, input().split())\nprint(a + b)\n"
HELLO = HttpRequest("GET", "/hello")


def repair(code: str) -> HttpRequest:
    return HttpRequest("POST", "/v1/repair", {"code": code, "problem": PROBLEM})


@pytest.mark.parametrize("snapshot", [True, False])
def test_answers_with_and_without_a_snapshot(
    plane: ControlPlane, deployed: DeployedClass, snapshot: bool
) -> None:
    run = run_container(
        plane,
        deployed,
        [
            HttpRequest("GET", "/v1/health"),
            repair(WRONG),
            HttpRequest("POST", "/process", {"code": 7}, query="p_id=x"),
            HttpRequest("GET", "/problem", query="p_id=no_such_problem"),
            repair(RIGHT),
        ],
        root=ROOT,
        snapshot=snapshot,
        environment={"CUDA_VISIBLE_DEVICES": ""},
    )
    assert run.exit_code == 0, run.log
    assert run.failures == []
    assert [reply.status for reply in run.replies] == [200, 200, 422, 404, 200]
    health, wrong, invalid, unknown, right = (reply.json() for reply in run.replies)
    assert health["state"] == "ready"
    assert health["problems"] > 0
    assert (health["model"], health["device"]) == ("wpc-small", "cpu")  # no GPU here
    assert wrong["verdict"] == "wrong_answer"
    assert wrong["fixes"][0]["verified"]
    assert invalid["error"]["code"] == "invalid_request"
    assert unknown["error"]["code"] == "unknown_problem"
    assert right["verdict"] == "accepted"
    assert "print(a" not in run.log


def test_the_snapshot_is_taken_between_loading_and_opening(
    plane: ControlPlane, deployed: DeployedClass
) -> None:
    run = run_container(plane, deployed, [HELLO], root=ROOT, snapshot=True)
    assert run.log_at_checkpoint is not None
    assert "loaded and warmed" in run.log_at_checkpoint
    assert "open:" not in run.log_at_checkpoint
    assert run.log.count("loaded and warmed") == 1
    assert "open:" in run.log


def test_a_hook_that_misses_the_snapshot_is_seen(
    plane: ControlPlane, deployed: DeployedClass, altered: Altered
) -> None:
    root = altered("@modal.enter(snap=True)", "@modal.enter()")
    run = run_container(plane, deployed, [HELLO], root=root, snapshot=True)
    assert run.log_at_checkpoint == ""
    assert "loaded and warmed" in run.log


def test_many_at_once_are_all_answered(plane: ControlPlane, deployed: DeployedClass) -> None:
    requests = [repair(RIGHT), HELLO, repair("print(1 +\n"), HttpRequest("GET", "/v1/problems")] * 8
    run = run_container(plane, deployed, requests, root=ROOT, snapshot=True)
    assert run.exit_code == 0, run.log
    assert [reply.status for reply in run.replies] == [200] * 32
    right, hello, broken, listed = (run.replies[kind::4] for kind in range(4))
    assert {reply.json()["verdict"] for reply in right} == {"accepted"}
    assert {reply.json()["message"] for reply in hello} == {"hello"}
    assert {reply.json()["verdict"] for reply in broken} == {"syntax_error"}
    assert len({len(reply.json()) for reply in listed}) == 1


def test_serves_the_schools_own_problems(
    plane: ControlPlane, deployed: DeployedClass, tmp_path: Path
) -> None:
    problem = tmp_path / "adding_up"
    (problem / "tests").mkdir(parents=True)
    (problem / "problem.toml").write_text('title = "Adding up"\n')
    (problem / "statement.md").write_text("Add the two numbers.\n")
    (problem / "tests" / "sample-1.in").write_text("1 2\n")
    (problem / "tests" / "sample-1.out").write_text("3\n")
    run = run_container(
        plane,
        deployed,
        [HttpRequest("POST", "/v1/repair", {"code": RIGHT, "problem": {"id": "adding_up"}})],
        root=ROOT,
        snapshot=True,
        environment={"WPC_MODAL_PROBLEMS": str(tmp_path)},
    )
    assert [reply.status for reply in run.replies] == [200], run.log
    assert run.replies[0].json()["verdict"] == "accepted"
