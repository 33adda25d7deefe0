"""A public base model with our low-rank adapter merged in.

The base is a folder as the Hugging Face hub lays it out: `config.json`, `*.safetensors` and
`tokenizer.json`. The adapter's folder holds `shape.json`, `tokenizer.json` (the tokens of the base
that programs need, after our special ones) and `adapter.safetensors`.
"""

import json
from dataclasses import dataclass
from pathlib import Path

import torch
from safetensors.torch import load_file
from torch import Tensor

from reference.model.network import Network, Shape, read_shape
from reference.model.prompt import SPECIAL_TOKENS

_LAYER_NAMES = {
    "input_layernorm": "attention_norm",
    "self_attn.q_proj": "query",
    "self_attn.k_proj": "key",
    "self_attn.v_proj": "value",
    "self_attn.o_proj": "output",
    "post_attention_layernorm": "mlp_norm",
    "mlp.gate_proj": "gate",
    "mlp.up_proj": "up",
    "mlp.down_proj": "down",
}


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a base model is to be had: a repository of the Hugging Face hub, at a revision."""

    repository: str
    revision: str


class BaseModelError(Exception):
    """A base model cannot be used; the message says what to do."""


def read_origin(adapter: Path) -> Origin:
    """Return which base model an adapter is for."""
    return Origin(**json.loads((adapter / "base.json").read_text(encoding="utf-8")))


def load_network(base: Path, adapter: Path, *, merged: bool = True) -> Network:
    """Return the base with the adapter merged in and the adapter's vocabulary, in float32.

    Parameters
    ----------
    merged
        Otherwise the adapter's low-rank part is left out, as for one who trains it further.

    Raises
    ------
    BaseModelError
        If the folder `base` does not hold the model that the adapter is for.
    """
    shape = read_shape(adapter)
    found, tensors = read_base(base)
    if (found.width, found.layers) != (shape.width, shape.layers):
        origin = read_origin(adapter)
        raise BaseModelError(f"{base} is another model; download {origin.repository}")
    learned = {
        name: value.float() for name, value in _load(adapter / "adapter.safetensors").items()
    }
    _align(tensors, learned, shape)
    if merged:
        for part, (a, b) in low_rank_parts(learned).items():
            tensors[f"{part}.weight"] += b @ a
    rows = base_rows(base, adapter)
    embedding = tensors["embedding.weight"]
    picked = embedding[rows[len(SPECIAL_TOKENS) :]]
    tensors["embedding.weight"] = torch.cat((learned["special"], picked))
    with torch.device("meta"):
        network = Network(shape)
    network.load_state_dict(tensors, assign=True)
    return network.eval()


def low_rank_parts(tensors: dict[str, Tensor]) -> dict[str, tuple[Tensor, Tensor]]:
    """Return an adapter's factors, in float32, by the linear map that their product is added to.

    The first is [rank, inputs], the second [outputs, rank]; there are none before training.
    """
    parts = [name.removesuffix(".a") for name in tensors if name.endswith(".a")]
    return {part: (tensors[f"{part}.a"].float(), tensors[f"{part}.b"].float()) for part in parts}


def read_base(folder: Path) -> tuple[Shape, dict[str, Tensor]]:
    """Read a Llama or a Qwen 2: its shape, and its tensors by our names, in float32."""
    try:
        config = json.loads((folder / "config.json").read_text(encoding="utf-8"))
    except OSError as error:
        raise BaseModelError(f"{folder} holds no config.json: give a model's folder") from error
    tensors = {}
    for path in sorted(folder.glob("*.safetensors")):
        for name, value in _load(path).items():
            tensors[_our_name(name)] = value.float()
    tensors.pop("lm_head.weight", None)
    shape = Shape(
        vocabulary=len(tensors["embedding.weight"]),
        width=config["hidden_size"],
        hidden=config["intermediate_size"],
        layers=config["num_hidden_layers"],
        heads=config["num_attention_heads"],
        kv_heads=config["num_key_value_heads"],
        rope_base=config.get("rope_theta") or config["rope_parameters"]["rope_theta"],
        norm_epsilon=config["rms_norm_eps"],
        attention_bias="layers.0.query.bias" in tensors,
    )
    return shape, tensors


def base_rows(base: Path, adapter: Path) -> list[int]:
    """Return for each id of the adapter's vocabulary the base's id of that token.

    Our special tokens, and ids that fill the vocabulary up, map to 0.
    """
    theirs = json.loads((base / "tokenizer.json").read_text(encoding="utf-8"))["model"]["vocab"]
    ours = json.loads((adapter / "tokenizer.json").read_text(encoding="utf-8"))["model"]["vocab"]
    rows = [0] * read_shape(adapter).vocabulary
    for token, place in ours.items():
        rows[place] = theirs[token]
    return rows


def alignment(tensors: dict[str, Tensor], shape: Shape) -> dict[str, Tensor]:
    """Return what `load_network` needs to bring a base into the form that was trained on.

    Some copies of a base are scaled before they are quantised (AWQ, Lin et al., arXiv:2306.00978):
    a norm's weights are divided by what the weights behind it are multiplied by. The function
    stays the same, but an adapter fits one form only.
    """
    found = {}
    for layer in range(shape.layers):
        for name in ("attention_norm", "mlp_norm"):
            found[f"layers.{layer}.{name}"] = tensors[f"layers.{layer}.{name}.weight"].float()
        found[f"layers.{layer}.up_length"] = (
            tensors[f"layers.{layer}.up.weight"].float().norm(dim=1)
        )
    return found


def _align(tensors: dict[str, Tensor], trained: dict[str, Tensor], shape: Shape) -> None:
    here = alignment(tensors, shape)
    for layer in range(shape.layers):
        for norm, readers in (
            ("attention_norm", ("query", "key", "value")),
            ("mlp_norm", ("gate", "up")),
        ):
            name = f"layers.{layer}.{norm}"
            scale = here[name] / trained[name]
            tensors[f"{name}.weight"] = trained[name]
            for reader in readers:
                tensors[f"layers.{layer}.{reader}.weight"] *= scale
        lengths = tensors[f"layers.{layer}.up.weight"].norm(dim=1)
        scale = trained[f"layers.{layer}.up_length"] / lengths
        tensors[f"layers.{layer}.up.weight"] *= scale[:, None]
        tensors[f"layers.{layer}.down.weight"] /= scale


def _our_name(name: str) -> str:
    name = name.removeprefix("model.")
    if name.startswith("layers."):
        _, layer, part = name.split(".", 2)
        part, kind = part.rsplit(".", 1)
        return f"layers.{layer}.{_LAYER_NAMES[part]}.{kind}"
    return {"embed_tokens.weight": "embedding.weight"}.get(name, name)


def _load(path: Path) -> dict[str, Tensor]:
    tensors: dict[str, Tensor] = load_file(path)
    return tensors
