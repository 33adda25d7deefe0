"""The application over the real engine; only the sockets are left out."""

import json
import logging
import threading
from collections.abc import AsyncIterator, Iterator
from concurrent.futures import Future
from pathlib import Path
from typing import Any

import httpx
import pytest
from fastapi import FastAPI

from modal_app.engine import Engine
from modal_app.service import create_app
from reference.problems import ProblemBank
from reference.protocol import (
    Health,
    Problem,
    ProblemReference,
    ProblemSummary,
    RepairReport,
    RepairRequest,
    Test,
    Verdict,
)
from reference.wpc import WPC

TOKEN = "s3cret-token"
SUM = Problem(
    titles={"en": "Sum"},
    tests=(
        Test(name="sample-1", input="1 2\n", output="3\n", sample=True),
        Test(name="hidden", input="5 8\n", output="13\n"),
    ),
)
WRONG = "a, b = map(int, input().split())\nprint(a - b)\n"
RIGHT = "a, b = map(int, input().split())\nprint(a + b)\n"


@pytest.fixture(scope="module")
def engine() -> Iterator[WPC]:
    wpc = WPC(ProblemBank())
    yield wpc
    wpc.close()


def client_of(app: FastAPI, **headers: str) -> httpx.AsyncClient:
    transport = httpx.ASGITransport(app, raise_app_exceptions=False)
    return httpx.AsyncClient(
        transport=transport, base_url="http://127.0.0.1:1", headers=headers, timeout=60
    )


@pytest.fixture
async def client(engine: WPC) -> AsyncIterator[httpx.AsyncClient]:
    app = create_app(engine, token=TOKEN, hosts={"127.0.0.1"})
    async with client_of(app, authorization=f"Bearer {TOKEN}") as client:
        yield client


def body(code: str, problem: Problem = SUM) -> dict[str, Any]:
    request = RepairRequest(code=code, problem=ProblemReference(inline=problem))
    return request.model_dump(mode="json")


def error_of(response: httpx.Response) -> tuple[int, str, str]:
    error = response.json()["error"]
    assert set(error) == {"code", "message"}
    return response.status_code, error["code"], error["message"]


async def test_repairs_a_wrong_program(client: httpx.AsyncClient) -> None:
    response = await client.post("/v1/repair", json=body(WRONG))
    assert response.status_code == 200
    report = RepairReport.model_validate_json(response.content)
    assert report.verdict is Verdict.WRONG_ANSWER
    assert report.tests.first_failure is not None
    assert report.fixes
    assert report.fixes[0].verified
    assert "+" in report.fixes[0].edits[0].new_text


async def test_has_nothing_to_say_of_a_right_program(client: httpx.AsyncClient) -> None:
    report = RepairReport.model_validate_json(
        (await client.post("/v1/repair", json=body(RIGHT))).content
    )
    assert report.verdict is Verdict.ACCEPTED
    assert report.fixes == ()


async def test_tells_its_health(client: httpx.AsyncClient, engine: WPC) -> None:
    health = Health.model_validate_json((await client.get("/v1/health")).content)
    assert health == engine.health()
    assert health.problems > 0


async def test_lists_the_problems_and_publishes_only_what_a_solver_may_see(
    client: httpx.AsyncClient, engine: WPC
) -> None:
    listed = [
        ProblemSummary.model_validate(line) for line in (await client.get("/v1/problems")).json()
    ]
    assert [summary.id for summary in listed] == list(engine.bank.ids())
    chosen = listed[0].id
    full = engine.bank.get(chosen)
    published = Problem.model_validate_json((await client.get(f"/v1/problems/{chosen}")).content)
    assert published.statements == full.statements
    assert published.time_limit_s == full.time_limit_s
    assert published.tests == tuple(test for test in full.tests if test.sample)
    assert full.solutions
    assert published.solutions == ()
    assert published.generator is None
    assert published.checker.program is None
    by_query = await client.get("/problem", params={"p_id": chosen})
    assert Problem.model_validate_json(by_query.content) == published


async def test_processes_a_program_of_the_bank(client: httpx.AsyncClient, engine: WPC) -> None:
    chosen = next(iter(engine.bank.ids()))
    code = engine.bank.get(chosen).solutions[0]
    response = await client.post("/process", params={"p_id": chosen}, json={"code": code})
    assert response.status_code == 200
    assert set(response.json()) == {"fixed_code", "bug_code"}
    assert response.json()["fixed_code"] == code


async def test_processing_what_is_not_python_says_where(
    client: httpx.AsyncClient, engine: WPC
) -> None:
    chosen = next(iter(engine.bank.ids()))
    response = await client.post("/process", params={"p_id": chosen}, json={"code": "x = (\n"})
    status, code, message = error_of(response)
    assert (status, code) == (422, "syntax_error")
    assert "line 1" in message


async def test_greets(client: httpx.AsyncClient) -> None:
    assert (await client.get("/hello")).json() == {"message": "hello"}


@pytest.mark.parametrize("path", ["/v1/problems/sumx", "/problem?p_id=sumx"])
async def test_an_unknown_problem_is_not_found(client: httpx.AsyncClient, path: str) -> None:
    status, code, message = error_of(await client.get(path))
    assert (status, code) == (404, "unknown_problem")
    assert "sumx" in message


async def test_a_broken_problem_of_a_folder_is_said(tmp_path: Path) -> None:
    (tmp_path / "torn").mkdir()
    (tmp_path / "torn" / "problem.toml").write_text("title = \n")
    with WPC(ProblemBank([tmp_path])) as engine:
        async with client_of(create_app(engine)) as client:
            for response in (
                await client.get("/v1/problems/torn"),
                await client.post("/v1/repair", json={"code": RIGHT, "problem": {"id": "torn"}}),
            ):
                status, code, message = error_of(response)
                assert (status, code) == (500, "broken_problem")
                assert "problem.toml" in message
            assert (await client.get("/v1/health")).status_code == 200
            assert (await client.get("/v1/problems")).status_code == 200


async def test_repair_for_an_unknown_problem_is_not_found(client: httpx.AsyncClient) -> None:
    request = {"code": RIGHT, "problem": {"id": "sumx"}}
    status, code, _ = error_of(await client.post("/v1/repair", json=request))
    assert (status, code) == (404, "unknown_problem")


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"code": 7}, "code"),
        ({"problem": {}}, "problem"),
        ({"problem": {"inline": {"time_limit_s": -1}}}, "problem.inline.time_limit_s"),
        ({"options": {"time_budget_s": 31}}, "options.time_budget_s"),
        ({"options": {"max_fixes": 1000}}, "options.max_fixes"),
        ({"version": 2}, "version"),
        ({"verison": 1}, "verison"),
    ],
)
async def test_an_invalid_field_is_named(
    client: httpx.AsyncClient, change: dict[str, Any], field: str
) -> None:
    status, code, message = error_of(await client.post("/v1/repair", json=body(RIGHT) | change))
    assert (status, code) == (422, "invalid_request")
    assert message.startswith(f"{field}: ")


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"[]",
        b"{",
        b"\xff\xfe",
        b"[" * 200_000,
        b'{"code": ' + b"9" * 100_000 + b"}",
        json.dumps(body("\ud800")).encode(),
    ],
    ids=["empty", "list", "cut", "not UTF-8", "deep", "huge number", "lone surrogate"],
)
async def test_what_is_no_request_is_refused(client: httpx.AsyncClient, content: bytes) -> None:
    status, code, _ = error_of(await client.post("/v1/repair", content=content))
    assert (status, code) == (422, "invalid_request")


async def test_a_missing_parameter_is_named(client: httpx.AsyncClient) -> None:
    status, code, message = error_of(await client.post("/process", json={"code": RIGHT}))
    assert (status, code) == (422, "invalid_request")
    assert "p_id" in message


async def chunks(total: int) -> AsyncIterator[bytes]:
    for _ in range(total // 4096):
        yield b" " * 4096


@pytest.mark.parametrize("length_known", [True, False])
async def test_a_large_body_is_refused(client: httpx.AsyncClient, length_known: bool) -> None:
    content = b" " * 300_000 if length_known else chunks(300_000)
    status, code, message = error_of(await client.post("/v1/repair", content=content))
    assert (status, code) == (413, "body_too_large")
    assert "256 KiB" in message


async def test_a_body_of_the_size_allowed_is_served(client: httpx.AsyncClient) -> None:
    request = json.dumps(body(RIGHT)).encode()
    padded = request + b" " * (256 * 1024 - len(request))
    assert (await client.post("/v1/repair", content=padded)).status_code == 200


@pytest.mark.parametrize(
    "authorization",
    [None, "", TOKEN, "Bearer", "Bearer wrong", f"Basic {TOKEN}", "Bearer schlüssel"],
)
@pytest.mark.parametrize("path", ["/v1/health", "/hello", "/v1/problems", "/nothing"])
async def test_only_the_token_opens(engine: WPC, authorization: str | None, path: str) -> None:
    app = create_app(engine, token=TOKEN)
    async with client_of(app) as client:
        if authorization is not None:
            client.headers = httpx.Headers({b"authorization": authorization.encode()})
        response = await client.get(path)
    assert error_of(response)[:2] == (401, "unauthorized")
    assert response.headers["WWW-Authenticate"] == "Bearer"


@pytest.mark.parametrize("host", ["evil.example", "127.0.0.1.evil.example", "[::1", ""])
async def test_another_host_is_refused(client: httpx.AsyncClient, host: str) -> None:
    response = await client.get("/v1/health", headers={"host": host})
    assert error_of(response)[:2] == (403, "forbidden_host")


async def test_a_web_page_is_refused(client: httpx.AsyncClient) -> None:
    response = await client.get("/v1/health", headers={"origin": "http://127.0.0.1:1"})
    assert error_of(response)[:2] == (403, "forbidden_origin")


async def test_unknown_paths_and_methods_have_the_same_form(client: httpx.AsyncClient) -> None:
    assert error_of(await client.get("/v2/repair"))[:2] == (404, "not_found")
    assert error_of(await client.get("/v1/repair"))[:2] == (405, "method_not_allowed")


async def test_until_the_engine_is_loaded_it_is_starting(engine: WPC) -> None:
    loading: Future[Engine] = Future()
    async with client_of(create_app(loading)) as client:
        health = Health.model_validate_json((await client.get("/v1/health")).content)
        assert health.state == "starting"
        response = await client.post("/v1/repair", json=body(RIGHT))
        assert error_of(response)[:2] == (503, "starting")
        assert response.headers["Retry-After"] == "1"
        loading.set_result(engine)
        assert (await client.get("/v1/health")).json()["state"] == "ready"
        assert (await client.post("/v1/repair", json=body(RIGHT))).status_code == 200


async def test_an_engine_that_cannot_load_is_reported() -> None:
    loading: Future[Engine] = Future()
    loading.set_exception(OSError("disk full"))
    async with client_of(create_app(loading)) as client:
        for response in (
            await client.get("/v1/health"),
            await client.post("/v1/repair", json=body(RIGHT)),
        ):
            assert error_of(response)[:2] == (500, "engine_failed")


class Faulty(WPC):
    """An engine with a fault whose message quotes the program, as Python's often do."""

    def repair(
        self, request: RepairRequest, *, cancelled: threading.Event | None = None
    ) -> RepairReport:
        raise RuntimeError(request.code)


async def test_nothing_of_a_program_or_token_is_logged(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    engine = Faulty(ProblemBank())
    async with client_of(create_app(engine, token=TOKEN)) as client:
        assert (await client.get("/v1/health")).status_code == 401
        client.headers["authorization"] = f"Bearer {TOKEN}"
        faulty = await client.post("/v1/repair", json=body("print('confidential')"))
        assert error_of(faulty)[:2] == (500, "internal")
        invalid = await client.post("/v1/repair", json={"code": ["confidential"]})
        assert invalid.status_code == 422
        unknown = await client.get("/v1/problems/confidential")
        assert unknown.status_code == 404
    engine.close()
    assert "confidential" not in faulty.text
    logged = "\n".join(
        record.getMessage() for record in caplog.records if not record.name.startswith("http")
    )  # but for the client's own log
    assert "RuntimeError" in logged
    assert "confidential" not in logged
    assert TOKEN not in logged
