"""The server's copies of the open documents."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from lsprotocol import types
from pygls.uris import to_fs_path
from pygls.workspace import TextDocument, Workspace

from server.lsp.positions import LineIndex, encoding_name


class Document(TextDocument):
    """A document whose lines, and edits, are those of the LSP specification.

    pygls splits lines at form feeds and other characters as well, and clamps a character beyond
    the end of the last line to the place before its last character: an edit would then land in
    the wrong place.
    """

    @property
    def lines(self) -> Sequence[str]:
        """The lines of the document with their ends."""
        return LineIndex(self.source).lines

    def _apply_incremental_change(self, change: types.TextDocumentContentChangePartial) -> None:
        span = LineIndex(self.source, self.encoding).span(change.range)
        self._source = self.source[: span.start] + change.text + self.source[span.stop :]

    @property
    def encoding(self) -> str:
        """What a character of a position counts."""
        return encoding_name(self.position_codec.encoding)


class DocumentWorkspace(Workspace):
    """A workspace that holds `Document`."""

    def _create_text_document(
        self,
        doc_uri: str,
        source: str | None = None,
        version: int | None = None,
        language_id: str | None = None,
    ) -> Document:
        return Document(
            doc_uri,
            source=source,
            version=version,
            language_id=language_id,
            sync_kind=self._sync_kind,
            position_codec=self._position_codec,
        )


@dataclass(frozen=True, slots=True)
class Snapshot:
    """A document as it was at one moment; the document itself may change at every `await`."""

    uri: str
    version: int | None
    text: str
    language_id: str | None

    @classmethod
    def of(cls, document: TextDocument) -> "Snapshot":
        """Copy the document as it is now."""
        return cls(document.uri, document.version, document.source, document.language_id)

    @property
    def path(self) -> Path | None:
        """Where the document lies on disk, if it does."""
        path = to_fs_path(self.uri) if self.uri.startswith("file:") else None
        return Path(path) if path else None
