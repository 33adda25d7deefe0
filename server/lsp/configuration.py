"""Settings by folder: the editor's over those of the folder's own files."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from pathlib import Path
from typing import Any

from lsprotocol import types
from pydantic import BaseModel, ConfigDict, Field, ValidationError
from pydantic.alias_generators import to_camel
from pygls.uris import to_fs_path

from server.config import ConfigError, Options, Settings, SettingsSource, camel_case, parse_options
from server.errors import UserError
from server.lsp.documents import Snapshot
from server.lsp.session import Session
from server.texts import Texts, texts_in

SECTION = "wpc"
ANSWER_LIMIT_S = 2.0

# Settings of the editors' extensions; the endpoint is read from the user's own options alone.
_FOR_THE_CLIENT = frozenset({"interpreter", "importStrategy", "path", "trace", "endpoint"})


class Run(str, Enum):
    """When documents are checked, unless the user asks."""

    ON_SAVE = "onSave"  # and when opened
    ON_TYPE = "onType"
    MANUAL = "manual"


class Scope(str, Enum):
    """Which files are checked."""

    OPEN_FILES = "openFiles"
    WORKSPACE = "workspace"


class EditorOptions(BaseModel):
    """Options that only an editor has.

    Parameters
    ----------
    debounce
        Milliseconds without typing before a check, where `run` is on type.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", alias_generator=to_camel)

    run: Run = Run.ON_SAVE
    debounce: int = Field(default=500, ge=0, le=60_000)
    scope: Scope = Scope.OPEN_FILES


@dataclass(frozen=True)
class _Layer:
    """What the editor says for one folder, over the files there."""

    editor: EditorOptions
    files: SettingsSource


class Configuration:
    """The settings that hold for each document; they may change at any time."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._tables: dict[str | None, Any] = {}
        self._layers: dict[str | None, _Layer] = {}
        self._told: set[str] = set()
        self._loaded = asyncio.Event()

    async def load(self) -> None:
        """Ask the client for what it says of every workspace folder."""
        folders: list[str | None] = [None, *self._session.folders]
        if self._session.client.configuration:
            items = [types.ConfigurationItem(scope_uri=uri, section=SECTION) for uri in folders]
            asked = self._session.workspace_configuration_async(types.ConfigurationParams(items))
            try:
                answers = list(await asyncio.wait_for(asked, ANSWER_LIMIT_S))
            except Exception as error:  # whatever a client answers, there are defaults
                kind = type(error).__name__
                self._session.log(types.MessageType.Warning, f"No settings came: {kind}.")
                answers = []
            answers = [*answers, *[None] * len(folders)][: len(folders)]
            self._tables = dict(zip(folders, answers, strict=True))
        self.forget_files()
        self._loaded.set()

    def replace(self, settings: Any) -> None:
        """Take settings that the client pushes: the section, or a table that holds it."""
        if isinstance(settings, Mapping):
            self._tables = {None: settings.get(SECTION, settings)}
        self.forget_files()

    def forget_files(self) -> None:
        """Read configuration files anew when they are next needed."""
        self._layers.clear()
        self._told.clear()

    async def ready(self) -> None:
        """Wait until the client had its time to say what it wants."""
        await self._loaded.wait()

    def editor(self, snapshot: Snapshot) -> EditorOptions:
        """Return the editor's options for a document."""
        return self._layer(snapshot.uri).editor

    def settings(self, snapshot: Snapshot) -> Settings:
        """Return the settings for a document.

        Raises
        ------
        ConfigError
            Where the nearest configuration file can't be used.
        """
        files = self._layer(snapshot.uri).files
        path = snapshot.path
        return files.of_file(path) if path else files.of_folder(self._root())

    def locale(self, snapshot: Snapshot | None = None) -> str:
        """Return the locale of what is said of a document, or else to the user."""
        if snapshot is None:
            return self._locale
        try:
            return self.settings(snapshot).locale
        except ConfigError:  # of which the user is told elsewhere
            return self._locale

    def texts(self, snapshot: Snapshot | None = None) -> Texts:
        """Return the texts in the language of what is said of a document, or to the user."""
        return texts_in(self.locale(snapshot))

    def files(self, uri: str) -> SettingsSource:
        """Return the settings of the files in a folder."""
        return self._layer(uri).files

    def tell_once(self, error: UserError) -> None:
        """Show what is wrong with the configuration, until it changes."""
        text = error.text(self.texts())
        if text not in self._told:
            self._told.add(text)
            self._session.tell(types.MessageType.Warning, f"WPC: {text}")

    @property
    def _locale(self) -> str:
        """The locale of what concerns no document."""
        table = self._session.initialization_options | _said(self._tables.get(None))
        said = table.get("locale")
        return said if isinstance(said, str) and said else self._session.client.locale

    def _root(self) -> Path:
        roots = [path for uri in self._session.folders if (path := to_fs_path(uri))]
        return Path(roots[0]) if roots else Path.home()

    def _layer(self, uri: str) -> _Layer:
        inside = [
            folder for folder in self._session.folders if uri.startswith(folder.rstrip("/") + "/")
        ]
        folder = max(inside, key=len, default=None)
        if folder not in self._layers:
            table = dict(self._session.initialization_options)
            for place in (None, folder):
                table |= _said(self._tables.get(place))
            root = to_fs_path(folder) if folder else None
            self._layers[folder] = self._read(table, Path(root) if root else self._root())
        return self._layers[folder]

    def _read(self, table: Mapping[str, Any], root: Path) -> _Layer:
        own = {to_camel(name) for name in EditorOptions.model_fields}
        try:
            editor = EditorOptions.model_validate({k: v for k, v in table.items() if k in own})
        except ValidationError as error:
            first = error.errors(include_url=False)[0]
            wrong = f"{first['loc'][0]}: {first['msg']}"
            self.tell_once(UserError(lambda texts: f"{texts.editor_settings}: {wrong}"))
            editor = EditorOptions()
        rest = {k: v for k, v in table.items() if k not in own | _FOR_THE_CLIENT}
        try:
            options = parse_options(rest, camel_case, lambda texts: texts.editor_settings)
        except ConfigError as error:
            self.tell_once(error)
            options = Options()
        locale = options.locale or self._session.client.locale
        return _Layer(editor, SettingsSource(options, root=root, locale=locale))


def _said(table: Any) -> dict[str, Any]:
    """Return what is set: editors send null for what is not, and may send anything."""
    if not isinstance(table, Mapping):
        return {}
    return {str(key): value for key, value in table.items() if value is not None}
