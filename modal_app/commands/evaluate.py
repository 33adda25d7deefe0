"""`wpc-engine evaluate`."""

import json
from collections.abc import Sequence
from pathlib import Path

import click
from pydantic import ValidationError
from rich.console import Console
from rich.progress import track
from rich.table import Table

from modal_app.model import best_model
from reference.evaluation import Evaluation, Outcome, Pair, summarise
from reference.judge import Judge
from reference.problems.importers import json_lines
from reference.protocol.folder import ProblemError
from reference.wpc import WPC

_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.command()
@click.option(
    "--pairs", required=True, type=_FILE, help="JSON Lines: id, problem_id, buggy, fixed."
)
@click.option("--problems", required=True, type=_FILE, help="JSON Lines: id, samples, tests, …")
@click.option("--solutions", type=_FILE, help="JSON Lines of accepted programs: problem_id, code.")
@click.option("--limit", type=click.IntRange(min=1), help="Only so many pairs, spread evenly.")
@click.option("--jobs", default=1, show_default=True, help="Pairs in work at a time.")
@click.option("--time-budget", default=10.0, show_default=True, help="Seconds for each program.")
@click.option("--json", "as_json", is_flag=True, help="Print figures and outcomes as JSON.")
def evaluate(
    pairs: Path,
    problems: Path,
    solutions: Path | None,
    limit: int | None,
    jobs: int,
    time_budget: float,
    as_json: bool,
) -> None:
    """Measure the engine on pairs of a wrong program and its author's accepted one.

    The engine sees the samples and the solutions, never the tests or the pair's own fix; its
    answers are judged by all of them. Pairs marked `"verified": false` are left out.
    """
    try:
        bank = {problem.id: problem for problem in json_lines.read(problems)}
        peers = json_lines.read_solutions(solutions) if solutions else {}
    except ProblemError as error:
        raise click.ClickException(str(error)) from error
    chosen = _spread([pair for pair in _read_pairs(pairs) if pair.verified], limit)
    unknown = sorted({pair.problem_id for pair in chosen} - bank.keys())
    if unknown:
        raise click.ClickException(f"{problems} has no problem {', '.join(unknown[:5])}")
    with Judge() as judge, WPC(judge=Judge(), model=best_model()) as engine:
        evaluation = Evaluation(engine, judge, bank, peers, time_budget_s=time_budget)
        running = evaluation.run(chosen, jobs)
        progress = track(running, "Evaluating", len(chosen), console=Console(stderr=True))
        outcomes = list(progress)
    if as_json:
        rows = [_row(outcome) for outcome in outcomes]
        click.echo(json.dumps({"figures": summarise(outcomes), "outcomes": rows}, indent=1))
    else:
        _print(outcomes)


def _read_pairs(path: Path) -> list[Pair]:
    rows = []
    for number, line in enumerate(path.read_text(encoding="utf-8").split("\n"), start=1):
        if line.strip():
            try:
                rows.append(Pair.model_validate_json(line))
            except ValidationError as error:
                fault = error.errors()[0]
                where = ".".join(map(str, fault["loc"])) or "the line"
                message = f"{path}, line {number}: {where}: {fault['msg']}"
                raise click.ClickException(message) from error
    return rows


def _spread(pairs: Sequence[Pair], limit: int | None) -> list[Pair]:
    if limit is None or limit >= len(pairs):
        return list(pairs)
    return [pairs[index * len(pairs) // limit] for index in range(limit)]


def _row(outcome: Outcome) -> dict[str, object]:
    return {field: getattr(outcome, field) for field in Outcome.__slots__}


def _print(outcomes: Sequence[Outcome]) -> None:
    table = Table(title=f"{len(outcomes)} pairs", show_header=False)
    for name, value in summarise(outcomes).items():
        if isinstance(value, dict):
            text = ", ".join(f"{key} {count}" for key, count in value.items())
        elif isinstance(value, int) and outcomes:
            text = f"{value} ({100 * value / len(outcomes):.1f} %)"
        else:
            text = "-" if value is None else f"{value:.3g}"
        table.add_row(name, text)
    Console().print(table)
