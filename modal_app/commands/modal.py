"""`wpc-engine modal`: the endpoint on Modal, by Modal's own command line."""

import os
import re
import subprocess
import sys
from collections.abc import Mapping
from importlib.metadata import PackageNotFoundError, requires, version
from pathlib import Path

import click
import platformdirs

from modal_app.cost import Load
from modal_app.settings import GPUS, PREFIX

APP = "wpc"
SAFE_PATH = "import sys; sys.path[:] = [p for p in sys.path if p]; "
MODAL = SAFE_PATH + "from modal.__main__ import main; main()"
URL = SAFE_PATH + "from modal_app.deploy import url; print(url())"
T4_PRICE = 0.000164  # dollars a second, without CPU and memory

_FOLDER = click.Path(exists=True, file_okay=False, path_type=Path)

# What Modal says of a failure, and what a person can do.
REMEDIES = {
    r"token missing|token id|token secret|unauthenticated|invalid token": (
        "Modal does not know you here. Run `modal token new`, or set MODAL_TOKEN_ID and "
        "MODAL_TOKEN_SECRET."
    ),
    r"credit|spend limit|payment method|billing|resource_?exhausted": (
        "The Modal workspace has nothing left to spend. See its settings under Usage and billing."
    ),
    r"no app with name|lookup failed|app \S+ (was )?not found": (
        f"No app {APP!r} is deployed in this workspace. Run `wpc-engine modal deploy`."
    ),
    r"could not connect|connection (refused|error)|deadline|timed? ?out|unavailable": (
        "Modal cannot be reached. Check the network, then try again."
    ),
}


@click.group()
def modal() -> None:
    """Put the endpoint on Modal, and look after it there."""


@modal.command()
@click.option("--gpu", type=click.Choice(GPUS), help="Kind of GPU. T4 by default.")
@click.option("--region", help="Where containers run, such as `eu`. Costs more than anywhere.")
@click.option("--min-containers", type=click.IntRange(0), help="Kept up when nobody asks.")
@click.option("--max-containers", type=click.IntRange(1), help="The most that run at once.")
@click.option("--scaledown", type=click.IntRange(2, 1200), help="Seconds until an idle one ends.")
@click.option(
    "--problems",
    multiple=True,
    type=_FOLDER,
    help="A folder of problems to copy into the image. May be given several times.",
)
@click.option("--problems-volume", help="Name of a Modal Volume that holds further problems.")
@click.option("--adapter", type=_FOLDER, help="An adapter of your own training.")
@click.option(
    "--base-model",
    type=_FOLDER,
    envvar="WPC_BASE_MODEL",
    show_envvar=True,
    help="Its base model; by default downloaded when the image is built.",
)
def deploy(
    gpu: str | None,
    region: str | None,
    min_containers: int | None,
    max_containers: int | None,
    scaledown: int | None,
    problems: tuple[Path, ...],
    problems_volume: str | None,
    adapter: Path | None,
    base_model: Path | None,
) -> None:
    """Deploy the endpoint, or a new version of it.

    Further settings come from the environment, as WPC_MODAL_ and the name of a field of
    modal_app.settings.DeploymentSettings.
    """
    options = {
        "GPU": gpu,
        "REGION": region,
        "MIN_CONTAINERS": min_containers,
        "MAX_CONTAINERS": max_containers,
        "SCALEDOWN_WINDOW_S": scaledown,
        "PROBLEMS": os.pathsep.join(str(folder.resolve()) for folder in problems) or None,
        "PROBLEMS_VOLUME": problems_volume,
        "ADAPTER": adapter and adapter.resolve(),
        "BASE_MODEL": base_model and base_model.resolve(),
    }
    given = {PREFIX + name: str(value) for name, value in options.items() if value is not None}
    _run(MODAL, "deploy", "-m", "modal_app.deploy", environment=given)
    click.echo("Callers need a proxy token: make one in the workspace's settings on modal.com.")


@modal.command()
def status() -> None:
    """Show what is deployed."""
    _run(MODAL, "app", "info", APP)


@modal.command()
@click.option("--follow", "-f", is_flag=True, help="Go on as lines come.")
def logs(follow: bool) -> None:
    """Show the containers' last log lines, which hold nothing of users' programs."""
    _run(MODAL, "app", "logs", APP, *(["--follow"] if follow else []))


@modal.command()
def url() -> None:
    """Print where the endpoint is, and nothing else."""
    _run(URL, quiet=True)


@modal.command()
def use() -> None:
    """Have this user's editors and `wpc-lsp --check` ask the deployed endpoint.

    Writes its URL into the user's configuration. The proxy token comes from the environment
    variables WPC_MODAL_KEY and WPC_MODAL_SECRET, or the keyring.
    """
    address = _run(URL, quiet=True, capture=True).strip()
    file = platformdirs.user_config_path("wpc") / "config.toml"
    line = f'url = "{address}"'
    # A file that says more may hold a token, which is another endpoint's.
    if file.exists() and not re.fullmatch(r"\[endpoint\]\nurl = .*\n", file.read_text("utf-8")):
        raise click.ClickException(f"Write `{line}` under [endpoint] in {file}.")
    file.parent.mkdir(parents=True, exist_ok=True)
    file.touch(mode=0o600)
    file.write_text(f"[endpoint]\n{line}\n", encoding="utf-8")
    click.echo(f"{file}: {line}")


@modal.command()
@click.option("--requests", type=click.IntRange(0), required=True, help="A day.")
@click.option("--seconds", type=float, required=True, help="One takes on a container that is up.")
@click.option("--start", type=float, required=True, help="Seconds until a container answers.")
@click.option("--at-once", type=click.IntRange(1), default=1, show_default=True, help="Served.")
@click.option("--hours", type=click.FloatRange(0, 24), default=8.0, show_default=True, help="Busy.")
@click.option("--scaledown", default=120.0, show_default=True, help="Seconds an idle one waits.")
@click.option(
    "--price", default=T4_PRICE, show_default=True, help="Dollars a second, of one container."
)
def cost(
    requests: int,
    seconds: float,
    start: float,
    at_once: int,
    hours: float,
    scaledown: float,
    price: float,
) -> None:
    """Print what so many requests a day cost.

    Measure the seconds on your own deployment. The default price is that of a T4 alone; CPU and
    memory are billed beside it, and `modal billing rates` tells today's prices.
    """
    load = Load(requests, hours, seconds, start, scaledown, at_once)
    billed = load.billed_s()
    click.echo(f"{billed / 3600:.2f} h of a container a day: ${billed * price:.2f}")
    click.echo(f"${30 * billed * price:.2f} in 30 days")
    if requests:
        click.echo(f"${1000 * billed * price / requests:.3f} for 1,000 requests")


def _run(
    script: str,
    *arguments: str,
    environment: Mapping[str, str] | None = None,
    quiet: bool = False,
    capture: bool = False,
) -> str:
    """Run a script of Python that speaks to Modal; end with a remedy if it fails.

    Its standard error is shown as it comes, unless `quiet`; its standard output is returned if
    `capture`.
    """
    _check_version()
    process = subprocess.Popen(
        [sys.executable, "-c", script, *arguments],
        # Modal's command line imports from the current folder: let that be ours.
        cwd=Path(__file__).parents[2],
        env=os.environ | dict(environment or {}),
        stdout=subprocess.PIPE if capture else None,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert process.stderr is not None
    said = []
    with process:
        for line in process.stderr:
            said.append(line)
            if not quiet:
                click.echo(line, err=True, nl=False)
        printed = process.stdout.read() if process.stdout is not None else ""
    if process.returncode == 0:
        return printed
    text = re.sub(r"[\s│]+", " ", "".join(said)).lower()
    for pattern, remedy in REMEDIES.items():
        if re.search(pattern, text):
            raise click.ClickException(remedy)
    last = said[-1].strip() if said else f"it ended with status {process.returncode}"
    raise click.ClickException(f"Modal failed: {last}")


def _check_version() -> None:
    requirements = " ".join(requires("wpc-lsp") or ())
    needed = re.search(r"modal==([0-9.]+)", requirements)
    assert needed is not None
    try:
        found = version("modal")
    except PackageNotFoundError:
        found = "none"
    if found != needed[1]:
        raise click.ClickException(
            f"This needs modal {needed[1]} and found {found}. Run `pip install 'wpc-lsp[modal]'`."
        )
