"""The server's copy of a document, against a model that knows only the units of an encoding."""

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule
from lsprotocol import types

from server.lsp.documents import DocumentWorkspace, Snapshot

URI = "file:///work/a.py"
ENDS = {ord("\n"), ord("\r")}

texts = st.text(st.sampled_from("ab1é漢😀\n\r\x0b\x0c\x1c\x1e\x85\u2028\u2029 \t"), max_size=12)


WIDTHS = {"utf-8": 1, "utf-16": 2, "utf-32": 4}


class DocumentMachine(RuleBasedStateMachine):
    """Edits a document as a client may, by range or whole, several edits at a time."""

    @initialize(text=texts, encoding=st.sampled_from(sorted(WIDTHS)))
    def open(self, text: str, encoding: str) -> None:
        self.encoding = encoding
        kind = types.PositionEncodingKind(encoding)
        self.workspace = DocumentWorkspace(None, position_encoding=kind)
        self.workspace.put_text_document(types.TextDocumentItem(URI, "python", 0, text))
        self.model = self._units(text)
        self.version = 0

    @rule(text=texts)
    def replace(self, text: str) -> None:
        self._tell(types.TextDocumentContentChangeWholeDocument(text))
        self.model = self._units(text)

    @rule(data=st.data(), text=texts)
    def edit(self, data: st.DataObject, text: str) -> None:
        start, end = sorted((self._place(data), self._place(data)))
        place = types.Range(self._position(start), self._position(end))
        self._tell(types.TextDocumentContentChangePartial(place, text))
        self.model[start:end] = self._units(text)

    @rule(text=texts)
    def append_beyond_the_end(self, text: str) -> None:
        beyond = types.Position(len(self.model) + 5, 3)
        self._tell(types.TextDocumentContentChangePartial(types.Range(beyond, beyond), text))
        self.model += self._units(text)

    @rule(text=texts)
    def insert_beyond_the_first_lines_end(self, text: str) -> None:
        end = next((i for i, unit in enumerate(self.model) if unit in ENDS), len(self.model))
        beyond = types.Position(0, end + 7)
        self._tell(types.TextDocumentContentChangePartial(types.Range(beyond, beyond), text))
        self.model[end:end] = self._units(text)

    @invariant()
    def the_copies_are_the_same(self) -> None:
        snapshot = Snapshot.of(self.workspace.get_text_document(URI))
        assert self._units(snapshot.text) == self.model
        assert snapshot.version == self.version

    def _units(self, text: str) -> list[int]:
        """Return the text as the client counts it."""
        width = WIDTHS[self.encoding]
        data = text.encode("utf-8" if width == 1 else f"{self.encoding}-le")
        return [int.from_bytes(data[i : i + width], "little") for i in range(0, len(data), width)]

    def _inside_a_character(self, unit: int) -> bool:
        return {"utf-8": 0x80 <= unit < 0xC0, "utf-16": 0xDC00 <= unit < 0xE000}.get(
            self.encoding, False
        )

    def _place(self, data: st.DataObject) -> int:
        """Draw a place where a client may edit: not inside a character or a line's end."""
        return data.draw(
            st.integers(0, len(self.model)).filter(
                lambda at: (
                    not 0 < at < len(self.model)
                    or (
                        not self._inside_a_character(self.model[at])
                        and self.model[at - 1 : at + 1] != self._units("\r\n")
                    )
                )
            )
        )

    def _position(self, at: int) -> types.Position:
        line = start = 0
        for index in range(at):
            is_crlf = self.model[index : index + 2] == self._units("\r\n")
            if self.model[index] in ENDS and not is_crlf:
                line, start = line + 1, index + 1
        return types.Position(line, at - start)

    def _tell(self, change: types.TextDocumentContentChangeEvent) -> None:
        self.version += 1
        document = types.VersionedTextDocumentIdentifier(self.version, URI)
        self.workspace.update_text_document(document, change)


TestDocument = DocumentMachine.TestCase
TestDocument.settings = settings(max_examples=200, stateful_step_count=50, deadline=None)
