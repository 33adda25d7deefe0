"""What the client can do, resolved once."""

from collections.abc import Mapping
from dataclasses import dataclass

from lsprotocol import types
from pygls.capabilities import get_capability


@dataclass(frozen=True, slots=True)
class Client:
    """The client's capabilities, as far as this server acts on them.

    Parameters
    ----------
    pulls_diagnostics
        Whether diagnostics wait to be asked for. Only where the client can also be told to ask
        again, since a fix may become known, or a problem chosen, without a change of the text.
    versioned_edits
        Whether an edit may say which version of the document it is for.
    resolves_edits
        Whether a code action may come without its edit, which is asked for when chosen.
    tags_llm
        Whether a code action may be marked as written by a language model.
    status
        Whether it wants `wpc/status`, by `wpcStatus` among its experimental capabilities.
    """

    position_encoding: str
    locale: str
    pulls_diagnostics: bool
    related_information: bool
    versioned_edits: bool
    code_action_literals: bool
    resolves_edits: bool
    tags_llm: bool
    markdown: bool
    work_done_progress: bool
    configuration: bool
    registers_configuration: bool
    watches_files: bool
    shows_documents: bool
    applies_edits: bool
    refreshes_code_lenses: bool
    status: bool

    @classmethod
    def of(cls, params: types.InitializeParams, position_encoding: str) -> "Client":
        """Read the capabilities that a client sends with `initialize`."""
        capabilities = params.capabilities

        def can(path: str) -> bool:
            return bool(get_capability(capabilities, path, False))

        def values(path: str) -> tuple[object, ...]:
            return tuple(get_capability(capabilities, path, None) or ())

        return cls(
            position_encoding=position_encoding,
            locale=params.locale or "en",
            pulls_diagnostics=get_capability(capabilities, "text_document.diagnostic", None)
            is not None
            and can("workspace.diagnostics.refresh_support"),
            related_information=can("text_document.publish_diagnostics.related_information")
            or can("text_document.diagnostic.related_information"),
            versioned_edits=can("workspace.workspace_edit.document_changes"),
            code_action_literals=get_capability(
                capabilities, "text_document.code_action.code_action_literal_support", None
            )
            is not None,
            resolves_edits="edit" in values("text_document.code_action.resolve_support.properties"),
            tags_llm=types.CodeActionTag.LlmGenerated
            in values("text_document.code_action.tag_support.value_set"),
            markdown=types.MarkupKind.Markdown in values("text_document.hover.content_format"),
            work_done_progress=can("window.work_done_progress"),
            configuration=can("workspace.configuration"),
            registers_configuration=can("workspace.did_change_configuration.dynamic_registration"),
            watches_files=can("workspace.did_change_watched_files.dynamic_registration"),
            shows_documents=can("window.show_document.support"),
            applies_edits=can("workspace.apply_edit"),
            refreshes_code_lenses=can("workspace.code_lens.refresh_support"),
            status=isinstance(capabilities.experimental, Mapping)
            and capabilities.experimental.get("wpcStatus") is True,
        )
