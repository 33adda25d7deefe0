from pydantic import BaseModel, ConfigDict


class WireModel(BaseModel):
    """A value that crosses the wire: immutable, and strict about fields it does not know."""

    model_config = ConfigDict(extra="forbid", frozen=True)
