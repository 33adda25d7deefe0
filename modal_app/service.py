"""The endpoint as one FastAPI application; `serve` and `deploy` put it on a socket."""

import os
import threading
from collections.abc import AsyncIterator, Awaitable, Callable, Collection
from concurrent.futures import Future
from contextlib import asynccontextmanager
from functools import partial
from typing import Annotated, TypeVar

from fastapi import Depends, FastAPI, Query, Request
from fastapi.exceptions import RequestValidationError
from pydantic import ValidationError
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.responses import Response

from modal_app.engine import Engine
from modal_app.errors import EngineFailedError, Refusal, starting
from modal_app.guard import Guard
from modal_app.pool import ClientGoneError, Pool
from modal_app.version import VERSION
from reference.errors import BrokenProblemError, EngineError, UnknownProblemError
from reference.protocol import (
    Checker,
    EndpointState,
    Health,
    Problem,
    ProblemSummary,
    RepairReport,
    RepairRequest,
)
from reference.protocol.base import WireModel

T = TypeVar("T")
Model = TypeVar("Model", bound=WireModel)

# A repair waits for the judge and the model most of the time.
THREADS_PER_CORE = 2
WAITING_PER_THREAD = 8
PATIENCE_S = 10.0  # with the queue; clients wait little longer than the time budget they gave
CLIENT_CLOSED_REQUEST = 499

# Of engine errors; any other is the request's fault, and 422.
_STATUS = {UnknownProblemError: 404, BrokenProblemError: 500, EngineFailedError: 500}


class ProcessRequest(WireModel):
    """`POST /process`."""

    code: str


class ProcessReply(WireModel):
    """The fixed program, and the program as sent, re-printed without comments."""

    fixed_code: str
    bug_code: str


class Greeting(WireModel):
    """`GET /hello`."""

    message: str = "hello"


def create_app(
    engine: Engine | Future[Engine],
    *,
    token: str | None = None,
    hosts: Collection[str] | None = None,
    threads: int | None = None,
) -> FastAPI:
    """Return the endpoint.

    Parameters
    ----------
    engine
        The engine, or one that is still loading: until then health says `starting` and other
        requests get 503. It stays the caller's to close, after the application has ended.
    token
        See `Guard`.
    hosts
        See `Guard`.
    threads
        Requests in work at a time; by default two for each core of this machine.
    """
    loading = engine if isinstance(engine, Future) else _loaded(engine)
    threads = threads or THREADS_PER_CORE * _usable_cores()
    pool = Pool(threads, threads * WAITING_PER_THREAD, PATIENCE_S)

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        yield
        pool.close()

    app = FastAPI(
        title="WPC",
        version=VERSION,
        docs_url=None,
        redoc_url=None,
        openapi_url=None,
        lifespan=lifespan,
        middleware=[Middleware(Guard, token=token, hosts=hosts)],
        exception_handlers={
            Refusal: _refused,
            EngineError: _engine_error,
            RequestValidationError: _invalid,
            HTTPException: _http_error,
            ClientGoneError: _client_gone,
        },
    )

    def ready() -> Engine:
        if not loading.done():
            raise starting()
        if loading.exception() is not None:
            raise Refusal(
                500,
                "engine_failed",
                "The engine could not start; the endpoint's log says why. Restart the endpoint.",
            )
        return loading.result()

    async def on_thread(request: Request, call: Callable[[], T]) -> T:
        return await pool.run(call, _disconnected(request))

    @app.post("/v1/repair")
    async def repair(
        request: Request, body: Annotated[RepairRequest, Depends(_read(RepairRequest))]
    ) -> RepairReport:
        cancelled = threading.Event()
        try:
            return await on_thread(request, partial(ready().repair, body, cancelled=cancelled))
        finally:
            cancelled.set()  # its client may have left

    @app.get("/v1/health")
    def health() -> Health:
        if not loading.done():
            return Health(state=EndpointState.STARTING, version=VERSION)
        return ready().health()

    @app.get("/v1/problems")
    def problems() -> list[ProblemSummary]:
        return list(ready().bank.summaries())

    @app.get("/v1/problems/{problem_id}")
    def problem(problem_id: str) -> Problem:
        return _published(ready().bank.get(problem_id))

    @app.get("/problem")
    def problem_by_query(p_id: Annotated[str, Query()]) -> Problem:
        return problem(p_id)

    @app.post("/process")
    async def process(
        request: Request,
        p_id: Annotated[str, Query()],
        body: Annotated[ProcessRequest, Depends(_read(ProcessRequest))],
    ) -> ProcessReply:
        call = partial(ready().process, body.code, p_id)
        try:
            fixed_code, bug_code = await on_thread(request, call)
        except SyntaxError as error:
            message = f"The program is not Python: line {error.lineno}: {error.msg}."
            raise Refusal(422, "syntax_error", message) from None
        return ProcessReply(fixed_code=fixed_code, bug_code=bug_code)

    @app.get("/hello")
    def hello() -> Greeting:
        return Greeting()

    return app


def _loaded(engine: Engine) -> Future[Engine]:
    future: Future[Engine] = Future()
    future.set_result(engine)
    return future


def _usable_cores() -> int:
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def _read(model: type[Model]) -> Callable[[Request], Awaitable[Model]]:
    """Return a dependency that reads the body as `model`.

    By pydantic's own JSON parser, unlike a FastAPI body: it refuses lone surrogates, which no
    program on disk can hold, and bounds the depth.
    """

    async def read(request: Request) -> Model:
        try:
            return model.model_validate_json(await request.body())
        except ValidationError as error:
            raise RequestValidationError(error.errors()) from None

    return read


def _published(problem: Problem) -> Problem:
    """Return what a person who solves the problem may see: no hidden test, no solution."""
    return problem.model_copy(
        update={
            "tests": tuple(test for test in problem.tests if test.sample),
            "solutions": (),
            "generator": None,
            "checker": Checker(kind=problem.checker.kind, tolerance=problem.checker.tolerance),
        }
    )


async def _disconnected(request: Request) -> None:
    while (await request.receive())["type"] != "http.disconnect":
        pass


async def _refused(_: Request, refusal: Exception) -> Response:
    assert isinstance(refusal, Refusal)
    return refusal.response()


async def _engine_error(_: Request, error: Exception) -> Response:
    assert isinstance(error, EngineError)
    status = _STATUS.get(type(error), 422)
    return Refusal(status, error.code, error.message).response()


async def _invalid(_: Request, error: Exception) -> Response:
    assert isinstance(error, RequestValidationError)
    faults = (
        ": ".join(filter(None, (".".join(str(part) for part in fault["loc"]), fault["msg"])))
        for fault in error.errors()
    )
    return Refusal(422, "invalid_request", "; ".join(faults)).response()


async def _http_error(_: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    code = {404: "not_found", 405: "method_not_allowed"}.get(error.status_code, "bad_request")
    return Refusal(error.status_code, code, str(error.detail), error.headers).response()


async def _client_gone(_: Request, __: Exception) -> Response:
    return Response(status_code=CLIENT_CLOSED_REQUEST)
