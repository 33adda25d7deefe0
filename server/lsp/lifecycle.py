"""`initialized`, and changes of the configuration, the workspace's folders and watched files."""

from lsprotocol import types

from server.lsp.configuration import SECTION
from server.lsp.session import Session

WATCHED = ("**/wpc.toml", "**/pyproject.toml", "**/problem.toml", "**/*.in", "**/*.out")
PROGRAMS = "**/*.py"  # watched where those are checked that are not open


async def initialized(session: Session, params: types.InitializedParams) -> None:
    """Learn the client's settings and ask it to tell of changes."""
    registrations = []
    watched = [*WATCHED, PROGRAMS] if session.checks_workspace else WATCHED
    if session.client.registers_configuration:
        registrations.append(
            types.Registration(
                id="configuration",
                method=types.WORKSPACE_DID_CHANGE_CONFIGURATION,
                register_options=types.DidChangeConfigurationRegistrationOptions(section=SECTION),
            )
        )
    if session.client.watches_files:
        registrations.append(
            types.Registration(
                id="files",
                method=types.WORKSPACE_DID_CHANGE_WATCHED_FILES,
                register_options=types.DidChangeWatchedFilesRegistrationOptions(
                    watchers=[types.FileSystemWatcher(glob_pattern=glob) for glob in watched]
                ),
            )
        )
    if registrations:
        session.client_register_capability(types.RegistrationParams(registrations))
    session.spawn(_begin(session))


async def did_change_configuration(
    session: Session, params: types.DidChangeConfigurationParams
) -> None:
    """Take new settings and check the open documents by them."""
    if session.client.configuration:
        await session.configuration.load()
    else:
        session.configuration.replace(params.settings)
    session.review_all()


async def did_change_folders(
    session: Session, params: types.DidChangeWorkspaceFoldersParams
) -> None:
    """Learn the settings of folders that were added."""
    await session.configuration.load()
    session.review_all()


async def did_change_watched_files(
    session: Session, params: types.DidChangeWatchedFilesParams
) -> None:
    """Check what is not open again; for a configuration or a problem, open documents as well."""
    if all(change.uri.endswith(".py") for change in params.changes):
        session.workspace_check.start()
        return
    session.configuration.forget_files()
    session.review_all()


async def _begin(session: Session) -> None:
    await session.configuration.load()
    session.workspace_check.start()
