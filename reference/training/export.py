"""Write a trained network for onnxruntime. Run `python -m reference.training.export --help`.

Linear layers keep their four bits; the embedding, which is the output too, is rounded to eight.
Weights lie beside the graph in files that stay under 50 MB. The graph multiplies in eight bits, the
inputs rounded for each token by itself.
"""

import argparse
import shutil
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any

import numpy as np
import onnx
import torch
from numpy.typing import NDArray
from onnx import TensorProto, helper, numpy_helper
from safetensors.torch import load_file
from torch import Tensor, nn

from reference.model.four_bits import BLOCK, FourBits
from reference.model.network import Layer, Network, Shape, read_shape
from reference.training.rounding import to_four_bits

SHARD_BYTES = 48_000_000
_CONTRIB = "com.microsoft"
_JOINED = {
    "attention": ("query", "key", "value"),
    "output": ("output",),
    "mlp": ("gate", "up"),
    "down": ("down",),
}
"""Linear maps of the same input are one."""


@dataclass
class _Graph:
    """Collects the nodes and constants of a graph; names count up."""

    nodes: list[onnx.NodeProto] = field(default_factory=list)
    constants: list[onnx.TensorProto] = field(default_factory=list)

    def constant(self, values: NDArray[np.generic]) -> str:
        name = f"c{len(self.constants)}"
        self.constants.append(numpy_helper.from_array(values, name))
        return name

    def apply(self, kind: str, *inputs: str, outputs: int = 1, **attributes: Any) -> list[str]:
        names = [f"n{len(self.nodes)}_{n}" for n in range(outputs)]
        domain = str(attributes.pop("domain", ""))
        self.nodes.append(helper.make_node(kind, inputs, names, domain=domain, **attributes))
        return names

    def one(self, kind: str, *inputs: str, **attributes: Any) -> str:
        return self.apply(kind, *inputs, **attributes)[0]

    def number(self, value: float) -> str:
        return self.constant(np.array(value, np.float32))

    def given(self, name: str, kind: int, *sizes: int) -> str:
        """Return the name of a constant whose values are given at load."""
        tensor = onnx.TensorProto(name=name, data_type=kind, dims=sizes)
        tensor.data_location = onnx.TensorProto.EXTERNAL
        tensor.external_data.add(key="location", value="given at load")
        self.constants.append(tensor)
        return name

    def split(self, value: str, *sizes: int, axis: int = -1) -> list[str]:
        where = self.constant(np.array(sizes, np.int64))
        return self.apply("Split", value, where, outputs=len(sizes), axis=axis)

    def reshape(self, value: str, *shape: int) -> str:
        return self.one("Reshape", value, self.constant(np.array(shape, np.int64)))


def build_graph(network: Network) -> onnx.ModelProto:
    """Return the network as a graph that reads tokens after a prompt, each seeing what it may.

    Inputs are `tokens` [new], `cosine` and `sine` [new, 1, head width / 2], `mask` [group * new,
    prompt + written + new], `wanted` [rows], and for each layer `prompt_key`, `prompt_value` [1,
    kv heads, prompt, head width] and `key`, `value` [1, kv heads, written, head width]. Outputs are
    `scores` [rows, vocabulary] after those of the new tokens that are wanted, and `new_key`,
    `new_value` with the new tokens added to the written ones. Weights are given at load, under the
    names of `four_bit_weights` and `.scale` behind them, as `FourBits.eight_bits` returns them.
    """
    shape, graph = network.shape, _Graph()
    states = graph.reshape(_embedded(graph, shape), 1, -1, shape.width)
    inputs = [_info("tokens", ["s"], TensorProto.INT64)]
    outputs: list[onnx.ValueInfoProto] = []
    half = shape.head_width // 2
    inputs += [_info(name, ["s", 1, half]) for name in ("cosine", "sine")]
    inputs += [_info("mask", ["g", "k"]), _info("wanted", ["n"], TensorProto.INT64)]
    for number, layer in enumerate(network.layers):
        assert isinstance(layer, Layer)
        states = _layer(graph, states, layer, number)
        for part in ("key", "value"):
            for name, length in (("prompt_", "t"), ("", "w"), ("new_", "u")):
                sizes = [1, shape.kv_heads, length, shape.head_width]
                info = _info(f"{name}{part}{number}", sizes)
                (outputs if name == "new_" else inputs).append(info)
    wanted = graph.one("Gather", states, "wanted", axis=1)
    normed = _norm(graph, wanted, network.norm)
    scores = _linear(graph, normed, "unembedding", shape.width, shape.vocabulary)
    scores = graph.reshape(scores, -1, shape.vocabulary)
    graph.nodes.append(helper.make_node("Identity", [scores], ["scores"]))
    outputs.insert(0, _info("scores", ["n", shape.vocabulary]))
    opsets = [helper.make_opsetid("", 20), helper.make_opsetid(_CONTRIB, 1)]
    body = helper.make_graph(graph.nodes, "wpc", inputs, outputs, graph.constants)
    return helper.make_model(body, opset_imports=opsets, ir_version=10)


def four_bit_weights(network: Network) -> dict[str, FourBits]:
    """Return the linear maps of all layers, those of the same input joined."""
    return {
        f"{number}.{name}": _rounded([getattr(layer, part).weight.detach() for part in parts])
        for number, layer in enumerate(network.layers)
        for name, parts in _JOINED.items()
    }


def write_weights(
    weights: Mapping[str, FourBits],
    embedding: tuple[NDArray[np.int8], NDArray[np.float32]],
    folder: Path,
) -> None:
    """Write what `reference.model.cpu` reads, in files of at most `SHARD_BYTES`."""
    for old in folder.glob("weights-*.npz"):
        old.unlink()
    arrays: dict[str, NDArray[Any]] = {"embedding": embedding[0], "embedding.scale": embedding[1]}
    for name, weight in weights.items():
        for part in fields(weight):
            arrays[f"{name}.{part.name}"] = getattr(weight, part.name)
    shards: list[dict[str, NDArray[Any]]] = [{}]
    for name, array in arrays.items():
        if sum(each.nbytes for each in shards[-1].values()) + array.nbytes > SHARD_BYTES:
            shards.append({})
        shards[-1][name] = array
    for number, shard in enumerate(shards):
        np.savez(folder / f"weights-{number}.npz", allow_pickle=False, **shard)


def eight_bit_rows(weight: Tensor) -> tuple[NDArray[np.int8], NDArray[np.float32]]:
    """Round a matrix to eight bits: (levels, the scale of each row)."""
    scale = weight.abs().amax(1, keepdim=True).clamp(min=1e-8) / 127
    return (weight / scale).round().to(torch.int8).numpy(), scale[:, 0].numpy()


def _rounded(weights: Sequence[Tensor]) -> FourBits:
    parts = [[part.squeeze(-1).float() for part in to_four_bits(weight)] for weight in weights]
    levels, scales, zeros = (torch.cat(each).numpy() for each in zip(*parts, strict=True))
    levels = np.ascontiguousarray(levels.astype(np.uint8).transpose(1, 2, 0))
    return FourBits(
        levels[:, : BLOCK // 2] | (levels[:, BLOCK // 2 :] << 4),
        np.ascontiguousarray(scales.T.astype(np.float16)),
        np.ascontiguousarray(zeros.clip(0, 15).astype(np.uint8).T),
    )


def _info(name: str, sizes: list[object], kind: int = TensorProto.FLOAT) -> onnx.ValueInfoProto:
    return helper.make_tensor_value_info(name, kind, sizes)


def _embedded(graph: _Graph, shape: Shape) -> str:
    rows = graph.given("embedding", TensorProto.INT8, shape.vocabulary, shape.width)
    scales = graph.given("embedding.scale", TensorProto.FLOAT, shape.vocabulary, 1)
    picked = graph.one("Cast", graph.one("Gather", rows, "tokens"), to=TensorProto.FLOAT)
    return graph.one("Mul", picked, graph.one("Gather", scales, "tokens"))


def _layer(graph: _Graph, states: str, layer: Layer, number: int) -> str:
    shape = layer.shape
    kv = shape.kv_heads * shape.head_width
    normed = _norm(graph, states, layer.attention_norm)
    joined = _linear(graph, normed, f"{number}.attention", shape.width, shape.width + 2 * kv)
    turned, value = (
        graph.reshape(part, 0, 0, -1, shape.head_width)
        for part in graph.split(joined, shape.width + kv, kv)
    )
    query, key, value = (
        graph.one("Transpose", part, perm=[0, 2, 1, 3])
        for part in (
            *graph.split(_rotated(graph, turned), shape.heads, shape.kv_heads, axis=2),
            value,
        )
    )
    for name, part in (("key", key), ("value", value)):
        graph.nodes.append(
            helper.make_node("Concat", [f"{name}{number}", part], [f"new_{name}{number}"], axis=2)
        )
    attended = _attention(graph, query, number, shape)
    output = _linear(graph, attended, f"{number}.output", shape.width, shape.width)
    states = graph.one("Add", states, output)
    normed = _norm(graph, states, layer.mlp_norm)
    joined = _linear(graph, normed, f"{number}.mlp", shape.width, 2 * shape.hidden)
    gate, up = graph.split(joined, shape.hidden, shape.hidden)
    inner = graph.one("Mul", graph.one("Mul", gate, graph.one("Sigmoid", gate)), up)
    down = _linear(graph, inner, f"{number}.down", shape.hidden, shape.width)
    return graph.one("Add", states, down)


def _attention(graph: _Graph, query: str, layer: int, shape: Shape) -> str:
    """Attend to the prompt and to what was written, apart so that neither is copied."""
    grouped = graph.reshape(query, 0, shape.kv_heads, -1, shape.head_width)
    scaled = graph.one("Mul", grouped, graph.number(shape.head_width**-0.5))
    keys = [
        graph.one("Transpose", name, perm=[0, 1, 3, 2])
        for name in (f"prompt_key{layer}", f"new_key{layer}")
    ]
    scores = graph.one("Concat", *(graph.one("MatMul", scaled, key) for key in keys), axis=-1)
    shares = graph.one("Softmax", graph.one("Add", scores, "mask"), axis=-1)
    sizes = [
        graph.one("Shape", name, start=2, end=3)
        for name in (f"prompt_key{layer}", f"new_key{layer}")
    ]
    parts = graph.apply("Split", shares, graph.one("Concat", *sizes, axis=0), outputs=2, axis=-1)
    attended = graph.one(
        "Add",
        graph.one("MatMul", parts[0], f"prompt_value{layer}"),
        graph.one("MatMul", parts[1], f"new_value{layer}"),
    )
    heads = graph.reshape(attended, 0, shape.heads, -1, shape.head_width)
    return graph.reshape(graph.one("Transpose", heads, perm=[0, 2, 1, 3]), 0, 0, -1)


def _rotated(graph: _Graph, states: str) -> str:
    left, right = graph.apply("Split", states, outputs=2, axis=-1, num_outputs=2)
    turned = [
        graph.one(kind, graph.one("Mul", one, "cosine"), graph.one("Mul", other, "sine"))
        for kind, one, other in (("Sub", left, right), ("Add", right, left))
    ]
    return graph.one("Concat", *turned, axis=-1)


def _norm(graph: _Graph, states: str, norm: nn.RMSNorm) -> str:
    scale = graph.constant(norm.weight.detach().float().numpy())
    return graph.one("SimplifiedLayerNormalization", states, scale, axis=-1, epsilon=norm.eps)


def _linear(graph: _Graph, states: str, name: str, inputs: int, outputs: int) -> str:
    """Multiply in eight bits; each token's largest value becomes 127."""
    weight = graph.given(name, TensorProto.INT8, inputs, outputs)
    weight_scale = graph.given(f"{name}.scale", TensorProto.FLOAT, outputs)
    last = graph.constant(np.array([-1], np.int64))
    largest = graph.one("ReduceMax", graph.one("Abs", states), last, keepdims=1)
    scale = graph.one("Max", graph.one("Mul", largest, graph.number(1 / 127)), graph.number(1e-12))
    one, middle = graph.number(1.0), graph.constant(np.array(128, np.uint8))
    levels = graph.one("QuantizeLinear", graph.one("Div", states, scale), one, middle)
    product = graph.one(
        "MatMulIntegerToFloat", levels, weight, one, weight_scale, middle, domain=_CONTRIB
    )
    return graph.one("Mul", product, scale)


def main() -> None:
    """Export a trained model's folder to a folder that the engine can load."""
    parser = argparse.ArgumentParser(description=main.__doc__)
    parser.add_argument("model", type=Path, help="folder that training wrote")
    parser.add_argument("out", type=Path)
    arguments = parser.parse_args()
    network = Network(read_shape(arguments.model))
    network.load_state_dict(load_file(arguments.model / "model.safetensors"))
    arguments.out.mkdir(parents=True, exist_ok=True)
    (arguments.out / "model.onnx").write_bytes(build_graph(network).SerializeToString())
    embedding = eight_bit_rows(network.embedding.weight.detach().float())
    write_weights(four_bit_weights(network), embedding, arguments.out)
    for name in ("shape.json", "tokenizer.json"):
        shutil.copy(arguments.model / name, arguments.out / name)


if __name__ == "__main__":
    main()
