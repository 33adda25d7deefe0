"""`wpc-engine problems`: the problems that programs are judged by."""

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click

from reference.errors import EngineError
from reference.judge import Judge
from reference.problems import ProblemBank, ProblemError, write_problem
from reference.problems.check import check_problem
from reference.problems.generate import generate_tests
from reference.problems.importers import read_source
from reference.protocol.folder import read_text

_FOLDER = click.Path(exists=True, file_okay=False, path_type=Path)
_SOURCE = click.Path(exists=True, path_type=Path)
_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.group()
@click.option(
    "--problems",
    "folders",
    multiple=True,
    type=_FOLDER,
    help="A folder of problems to add to the bank. May be given several times.",
)
@click.pass_context
def problems(context: click.Context, folders: tuple[Path, ...]) -> None:
    """List, check and import problems."""
    with _plain_errors():
        context.obj = ProblemBank(folders)


@problems.command("list")
@click.option("--locale", default="en", show_default=True, help="Language of the titles.")
@click.pass_obj
def list_(bank: ProblemBank, locale: str) -> None:
    """List the problems of the bank: id, number of tests, title."""
    summaries = bank.summaries()
    width = max((len(summary.id) for summary in summaries), default=0)
    for summary in summaries:
        title = summary.titles.get(locale) or next(iter(summary.titles.values()), "")
        click.echo(f"{summary.id:{width}}  {summary.tests:3}  {title}")


@problems.command()
@click.argument("problem_id", metavar="ID")
@click.option("--locale", default="en", show_default=True, help="Language of the statement.")
@click.pass_obj
def show(bank: ProblemBank, problem_id: str, locale: str) -> None:
    """Show the statement of a problem."""
    with _plain_errors():
        problem = bank.get(problem_id)
    click.echo(f"# {problem.title(locale)}\n\n{problem.statement(locale)}")


@problems.command()
@click.argument("folders", metavar="[FOLDER]...", nargs=-1, type=_FOLDER)
@click.pass_obj
def check(bank: ProblemBank, folders: tuple[Path, ...]) -> None:
    """Check problems: by default those of the bank.

    Each needs a statement, 10 to 30 tests and solutions that the judge accepts.
    """
    found = 0
    with _judge() as judge:
        for folder in folders or bank.folders():
            complaints = check_problem(folder, judge)
            for complaint in complaints:
                click.echo(complaint, err=True)
            found += bool(complaints)
    if found:
        raise click.ClickException(f"{found} of the problems are not fit for use; see above.")


@problems.command()
@click.argument("folders", metavar="FOLDER...", nargs=-1, required=True, type=_FOLDER)
@click.option(
    "--count", default=8, show_default=True, type=click.IntRange(min=1), help="Random tests."
)
def generate(folders: tuple[Path, ...], count: int) -> None:
    """Make the tests of problems from generate.py and the solutions.

    Inputs random-1, random-2 and so on are made anew; other inputs stay, and get an output if
    they have none. Every solution must agree.
    """
    with _plain_errors(), _judge() as judge:
        for folder in folders:
            tests = generate_tests(folder, judge, count)
            click.echo(f"{folder.name}: {len(tests)} tests")


@problems.command("import")
@click.argument("source", type=_SOURCE)
@click.option(
    "--into",
    required=True,
    type=click.Path(file_okay=False, path_type=Path),
    help="Where to write one folder a problem.",
)
def import_(source: Path, into: Path) -> None:
    """Import problems from another tool's SOURCE.

    SOURCE is COCO's task_detail.json with TC/ beside it, a folder with the tests of
    online-judge-tools in test/, a .jsonl file of problems, or a .json file of Competitive
    Companion.
    """
    with _plain_errors():
        found = list(read_source(source))  # all are read before any is written
        for problem_id, times in Counter(problem.id for problem in found).items():
            if times > 1:
                raise ProblemError(source, f"{problem_id} is in it {times} times")
            if (into / problem_id).exists():
                raise ProblemError(into / problem_id, "exists already; nothing was imported")
        for problem in found:
            write_problem(problem, into / problem.id)
    click.echo(f"{len(found)} problems imported into {into}")


@problems.command()
@click.argument("problem_id", metavar="ID")
@click.argument("program", type=_FILE)
@click.pass_obj
def add_solution(bank: ProblemBank, problem_id: str, program: Path) -> None:
    """Add the accepted PROGRAM to the solutions of a problem."""
    with _plain_errors(), _judge() as judge:
        problem = bank.get(problem_id)
        code = read_text(program)
        judgement = judge.judge(code, problem, stop_at_failure=True)
        if judgement.reason is not None:
            raise click.ClickException(f"{program} was not judged: {judgement.reason}")
        if not judgement.accepted:
            verdict = judgement.verdict.value.replace("_", " ")
            raise click.ClickException(f"{program} is not accepted: {verdict}")
        added = bank.add_solution(problem_id, code)
    click.echo("added" if added else "not added: a solution is the same but for names and format")


@contextmanager
def _judge() -> Iterator[Judge]:
    with Judge() as judge:
        if judge.tier is None:
            raise click.ClickException("No sandbox works on this machine, so nothing is run.")
        yield judge


@contextmanager
def _plain_errors() -> Iterator[None]:
    """Show the errors that the bank raises without a traceback."""
    try:
        yield
    except (EngineError, ProblemError) as error:
        raise click.ClickException(str(error)) from error
