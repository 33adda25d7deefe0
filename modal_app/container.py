"""The life of one container: what happens before its snapshot and what after."""

import logging
import math
import random
import sys
import time

from modal_app.engine import Engine
from modal_app.engine_processes import EngineProcesses
from modal_app.model import best_model, warm
from modal_app.service import THREADS_PER_CORE
from modal_app.settings import VOLUME_PROBLEMS, DeploymentSettings
from reference.judge import Judge
from reference.problems import ProblemBank
from reference.protocol import Problem, ProblemReference, RepairOptions, RepairRequest, Test
from reference.wpc import WPC

log = logging.getLogger("wpc.endpoint")

FEW_CORES = 2  # of which one process and its judge make good use

# Wrong at one place, and soon mended: makes the engine do, once, all that a repair needs.
WARM_UP = RepairRequest(
    code="numbers = map(int, input().split())\nprint(min(numbers))\n",
    problem=ProblemReference(
        inline=Problem(
            titles={"en": "Largest"},
            statements={"en": "Read integers on one line. Print the largest."},
            tests=(
                Test(name="sample-1", input="3 9 4\n", output="9\n", sample=True),
                Test(name="sample-2", input="-5 -2 -7\n", output="-2\n", sample=True),
            ),
            solutions=("print(max(map(int, input().split())))\n",),
        )
    ),
    options=RepairOptions(time_budget_s=1.0),
)


class Container:
    """The engine of one container.

    Everything slow belongs in `load`, whose outcome the snapshot keeps: imports, weights, CUDA
    graphs. Everything that must differ between containers made from one snapshot, or that a
    snapshot cannot hold, belongs in `open`: random state, the judge's and the engine's processes,
    files that change under a volume.
    """

    def __init__(self, settings: DeploymentSettings) -> None:
        self._settings = settings
        # What is reserved, for the host shows all of its processors.
        self._cores = math.ceil(settings.cpu)
        # Requests in work at a time; more would only take time from each other.
        self.at_once = THREADS_PER_CORE * self._cores
        logging.basicConfig(
            stream=sys.stderr, level=logging.INFO, format="%(levelname)s %(message)s"
        )

    def load(self) -> None:
        """Load and warm everything that a request needs."""
        start = time.monotonic()
        self._model = best_model()
        with WPC(ProblemBank(self._settings.problems), Judge(self._cores), self._model) as engine:
            engine.repair(WARM_UP)
        if self._model is not None and self._model.device != "cpu":  # which takes any length alike
            warm(self._model)
        log.info("loaded and warmed in %.2f s", time.monotonic() - start)

    def open(self) -> Engine:
        """Return the engine that answers requests: in several processes if there are many cores.

        The first requests need not wait for these, which take a second to start.
        """
        random.seed()
        folders = self._settings.problems
        if self._settings.problems_volume is not None:
            folders = (*folders, VOLUME_PROBLEMS)
        engine: Engine
        if self._cores > FEW_CORES:
            engine = EngineProcesses(folders, self._model, cores=self._cores, size=self.at_once)
        else:
            engine = WPC(ProblemBank(folders), Judge(self._cores), self._model)
        health = engine.health()
        log.info(
            "open: sandbox %s, %d problems, model %s on %s",
            health.sandbox,
            health.problems,
            health.model,
            health.device,
        )
        return engine
