"""`wpc-engine`: serve the endpoint, manage problems, evaluate, deploy."""

from importlib import import_module
from pathlib import Path

import click

# Name, module that defines the command of that name, help. Imported when used.
LATER = {
    "evaluate": ("modal_app.commands.evaluate", "Measure the engine on pairs of programs."),
    "modal": ("modal_app.commands.modal", "Deploy the endpoint to Modal, and look after it."),
    "problems": ("modal_app.commands.problems", "List, check and import problems."),
    "train": ("modal_app.commands.train", "Train the model on your own submissions."),
}


class LazyGroup(click.Group):
    """A group whose commands are imported only when they are used."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return all names."""
        return sorted([*super().list_commands(ctx), *LATER])

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import a command."""
        if cmd_name not in LATER:
            return super().get_command(ctx, cmd_name)
        command = getattr(import_module(LATER[cmd_name][0]), cmd_name)
        assert isinstance(command, click.Command)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the list of commands, without importing them."""
        here = {name: command.get_short_help_str() for name, command in self.commands.items()}
        later = {name: text for name, (_, text) in LATER.items()}
        with formatter.section("Commands"):
            formatter.write_dl(sorted((here | later).items()))


@click.group(cls=LazyGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="wpc-lsp")
def main() -> None:
    """Run the engine of WPC: serve it, give it problems, measure it."""


@main.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option("--port", default=0, show_default=True, help="Port to listen on; 0 takes a free one.")
@click.option(
    "--problems",
    "folders",
    multiple=True,
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="A folder of problems to add to the bank. May be given several times.",
)
@click.option("--idle", type=float, help="End after so many seconds without a request.")
@click.option("--register", is_flag=True, help="Be the endpoint that this user's editors find.")
@click.option(
    "--token",
    envvar="WPC_TOKEN",
    show_envvar=True,
    help="What clients must send; by default a random token. An option can be seen by other "
    "users of the machine, the environment can not.",
)
def serve(
    host: str,
    port: int,
    folders: tuple[Path, ...],
    idle: float | None,
    register: bool,
    token: str | None,
) -> None:
    """Serve the endpoint on this machine.

    Prints {"url", "token"} as a line of JSON once it accepts requests. Log lines go to stderr.
    """
    from modal_app.commands.serve import run

    run(host, port, folders=folders, idle_s=idle, register=register, token=token)


@main.command()
def stop() -> None:
    """End the endpoint that this user's editors share; they start another when they need it."""
    from modal_app import local

    local.stop()
