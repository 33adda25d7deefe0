"""`wpc-engine train`."""

from pathlib import Path

import click

_FILES = click.Path(exists=True, dir_okay=False, path_type=Path)
_FOLDER = click.Path(file_okay=False, path_type=Path)


@click.command()
@click.argument("out", type=_FOLDER)
@click.option(
    "--base",
    required=True,
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="Folder of a base model, from `python -m reference.training.base`.",
)
@click.option("--problems", required=True, multiple=True, type=_FILES, help="Problems.")
@click.option("--solutions", required=True, multiple=True, type=_FILES, help="Accepted programs.")
@click.option("--pairs", multiple=True, type=_FILES, help="Wrong programs with their fixes.")
@click.option("--exam", multiple=True, type=_FILES, help="Pairs to measure by, never trained on.")
@click.option("--rounds", default=8, show_default=True, help="Times to put errors in anew.")
@click.option("--minutes", default=15.0, show_default=True, help="Minutes to train for.")
@click.option("--workers", default=4, show_default=True, help="Processes that prepare data.")
def train(
    out: Path,
    base: Path,
    problems: tuple[Path, ...],
    solutions: tuple[Path, ...],
    pairs: tuple[Path, ...],
    exam: tuple[Path, ...],
    rounds: int,
    minutes: float,
    workers: int,
) -> None:
    """Train the language model on your own problems and submissions.

    Files are JSON Lines (see reference/training/README.md). Builds OUT/corpus, then trains into
    OUT/model; run it again to go on where it was stopped.
    """
    try:
        import torch

        from reference.training.build import Sources, build
        from reference.training.train import NonFiniteLossError, Plan, run
    except ImportError as error:
        raise click.ClickException(f"install wpc-lsp[train] first ({error})") from error
    from reference.training.sources import DataError

    sources = Sources(problems, solutions, pairs, exam)
    device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
    try:
        build(out / "corpus", sources, each=2, rounds=rounds, workers=workers)
        run(base, out / "corpus", out / "model", Plan(minutes=minutes), device, workers)
    except (DataError, NonFiniteLossError) as error:
        raise click.ClickException(str(error)) from error
