"""The command `wpc-lsp`."""

import io
import os
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
from click.shell_completion import get_completion_class

from server import __version__

if TYPE_CHECKING:
    from server.config import Options

_FORMATS = ("full", "concise", "json", "sarif", "github", "gitlab", "junit", "html")


class _GlobRules(click.ParamType[tuple[str, str]]):
    name = "GLOB:RULE"

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> tuple[str, str]:
        glob, colon, rule = str(value).rpartition(":")
        if not colon or not glob:
            self.fail(f"{value!r} is not GLOB:RULE, such as 'old/*.py:WPC501'", param, ctx)
        return glob, rule


class _Rules(click.ParamType[tuple[str, ...]]):
    name = "RULES"

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> tuple[str, ...]:
        return tuple(rule.strip() for rule in str(value).split(",") if rule.strip())


class _TcpAddress(click.ParamType[tuple[str, int]]):
    name = "HOST:PORT"

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> tuple[str, int]:
        host, colon, port = str(value).rpartition(":")
        if not colon or not port.isdecimal() or int(port) > 65535:
            self.fail(f"{value!r} is not HOST:PORT, such as 127.0.0.1:2087", param, ctx)
        return host or "127.0.0.1", int(port)


def _complete(ctx: click.Context, _: click.Parameter, shell: str | None) -> None:
    if shell is not None:
        kind = get_completion_class(shell)
        assert kind is not None
        click.echo(kind(ctx.command, {}, "wpc-lsp", "_WPC_LSP_COMPLETE").source())
        ctx.exit()


@click.command(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.argument("paths", nargs=-1, type=click.Path(path_type=Path, allow_dash=True, readable=False))
@click.option("--check", is_flag=True, help="Check PATHS (default: this folder) and exit.")
@click.option("--tcp", type=_TcpAddress(), help="Serve editors here, not on stdio.")
@click.option("--problem", metavar="ID|FOLDER", help="The problem that every file solves.")
@click.option("--endpoint", metavar="URL", help="Who judges the programs; default: this machine.")
@click.option(
    "--output-format",
    type=click.Choice(_FORMATS),
    default="full",
    show_default=True,
    help="What the report looks like.",
)
@click.option(
    "--output-file",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Write the report there, not to standard output.",
)
@click.option(
    "--color",
    type=click.Choice(["auto", "always", "never"]),
    default="auto",
    show_default=True,
    help="Colour the report.",
)
@click.option("--fix", is_flag=True, help="Apply the fixes that pass every test.")
@click.option("--unsafe-fixes", is_flag=True, help="Take fixes that no test verifies, too.")
@click.option("--diff", is_flag=True, help="Print the fixes as a diff; change no file.")
@click.option("--select", type=_Rules(), help="Rules to report, such as WPC3,WPC501.")
@click.option("--ignore", type=_Rules(), help="Rules not to report.")
@click.option(
    "--per-file-ignores", type=_GlobRules(), multiple=True, help="Rules not to report there."
)
@click.option("--exclude", metavar="GLOB", multiple=True, help="Files and folders to leave out.")
@click.option("--statistics", is_flag=True, help="Count the findings by rule.")
@click.option("--time-budget", type=float, metavar="SECONDS", help="For each program; default: 10.")
@click.option("--locale", metavar="LANGUAGE", help="Of messages: en or ko; default: LANG.")
@click.option(
    "--config",
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    help="Take the settings from this file.",
)
@click.option("--isolated", is_flag=True, help="Read no configuration files.")
@click.option(
    "-j", "--jobs", type=click.IntRange(1, 256), help="Programs in work at once; default: cores."
)
@click.option("--no-cache", is_flag=True, help="Ask again for programs that have not changed.")
@click.option(
    "--cache-dir",
    type=click.Path(path_type=Path, file_okay=False),
    envvar="WPC_CACHE_DIR",
    help="Where to keep reports.",
)
@click.option(
    "--stdin-filename", type=click.Path(path_type=Path), help="The name of the program in `-`."
)
@click.option("--exit-zero", is_flag=True, help="Exit with 0 although there are findings.")
@click.option("--exit-non-zero-on-fix", is_flag=True, help="Exit with 1 although all is fixed.")
@click.option(
    "--baseline",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Report only findings that are not in this file.",
)
@click.option(
    "--write-baseline",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Write all findings to this file, and exit with 0.",
)
@click.option("--watch", is_flag=True, help="Check again whenever something changes.")
@click.option("--explain", metavar="RULE", help="Say what a rule means, and exit.")
@click.option(
    "--completion",
    type=click.Choice(["bash", "zsh", "fish"]),
    is_eager=True,
    expose_value=False,
    callback=_complete,
    help="Print the completion script for a shell, and exit.",
)
@click.version_option(__version__, prog_name="wpc-lsp")
def main(check: bool, tcp: tuple[str, int] | None, explain: str | None, **options: Any) -> None:
    """Find the logic error in short Python programs that solve a stated problem.

    Without --check this is a language server on standard input and output, for an editor to
    start. With --check it judges PATHS: files, folders, or - for standard input.

    Exit status of --check: 0 no findings, 1 findings, 2 a program could not be checked.
    """
    if explain is not None or check:
        _print_whatever_the_encoding()
    if explain is not None:
        _explain(explain, options["locale"])
    elif not check:
        _refuse_check_options(options)
        _serve(tcp)
    elif tcp:
        raise click.UsageError("--tcp serves an editor; --check needs none.")
    else:
        sys.exit(_check(**options))


def _print_whatever_the_encoding() -> None:
    """Escape what the encoding of the standard streams lacks, rather than fail."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")


def _explain(rule: str, locale: str | None) -> None:
    from server.explain import explain
    from server.rules import UnknownRuleError
    from server.texts import system_locale, texts_in

    locale = locale or system_locale()
    try:
        explain(rule, locale)
    except UnknownRuleError as error:
        raise click.UsageError(error.text(texts_in(locale))) from None


def _refuse_check_options(options: Mapping[str, Any]) -> None:
    context = click.get_current_context()
    for name in options:
        if context.get_parameter_source(name) is click.core.ParameterSource.COMMANDLINE:
            raise click.UsageError("Add --check to check files from the command line.")


def _serve(tcp: tuple[str, int] | None) -> None:
    from server.lsp import serve_stdio, serve_tcp

    sys.exit(serve_stdio() if tcp is None else serve_tcp(*tcp))


def _check(paths: tuple[Path, ...], **options: Any) -> int:
    # Imported here: the language server must be up fast, and needs none of it at first.
    from server.check.cache import default_folder
    from server.check.command import CheckOptions, check
    from server.config import ConfigError, SettingsSource, endpoint_settings
    from server.texts import system_locale, texts_in

    stdin = Path("-") in paths
    if stdin and len(paths) > 1:
        raise click.UsageError("Give - alone, or files and folders.")
    if options["baseline"] and options["write_baseline"]:
        raise click.UsageError("Give --baseline or --write-baseline; the latter holds everything.")
    if options["stdin_filename"] and not stdin:
        raise click.UsageError("--stdin-filename names the program in -; give - as well.")
    if stdin and options["watch"]:
        raise click.UsageError("--watch watches files and folders, not -.")
    try:
        settings = SettingsSource(
            _overrides(options),
            config=options["config"],
            isolated=options["isolated"],
            locale=system_locale(),
        )
        texts = texts_in(settings.of_folder(Path.cwd()).locale)
        endpoint = endpoint_settings(options["endpoint"])
    except ConfigError as error:
        texts = texts_in(options["locale"] or system_locale())
        raise click.UsageError(error.text(texts)) from None
    return check(
        CheckOptions(
            paths=() if stdin else paths or (Path(),),
            settings=settings,
            texts=texts,
            endpoint=endpoint,
            stdin=stdin,
            stdin_filename=options["stdin_filename"],
            problem=options["problem"],
            jobs=options["jobs"] or os.cpu_count() or 2,
            cache=None if options["no_cache"] else options["cache_dir"] or default_folder(),
            output_format=options["output_format"],
            output_file=options["output_file"],
            color={"auto": None, "always": True, "never": False}[options["color"]],
            diff=options["diff"],
            fix=options["fix"],
            unsafe_fixes=options["unsafe_fixes"],
            statistics=options["statistics"],
            exit_zero=options["exit_zero"],
            exit_non_zero_on_fix=options["exit_non_zero_on_fix"],
            baseline=options["baseline"],
            write_baseline=options["write_baseline"],
            watch=options["watch"],
        )
    )


def _overrides(options: Mapping[str, Any]) -> "Options":
    from server.config import kebab_case, parse_options

    per_file: dict[str, list[str]] = {}
    for glob, rule in options["per_file_ignores"]:
        per_file.setdefault(glob, []).append(rule)
    said = {
        "select": options["select"],
        "ignore": options["ignore"],
        "per-file-ignores": per_file,
        "exclude": options["exclude"],
        "time-budget": options["time_budget"],
        "locale": options["locale"],
    }
    return parse_options(
        {name: value for name, value in said.items() if value},
        kebab_case,
        lambda texts: texts.command_line,
    )
