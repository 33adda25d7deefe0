"""Write a trained network for onnxruntime. Run `python -m reference.training.export --help`.

Linear layers keep their four bits; the embedding and the output are rounded to eight. Weights lie
beside the graph in files that stay under 50 MB.
"""

import argparse
import shutil
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import onnx
import torch
from numpy.typing import NDArray
from onnx import TensorProto, external_data_helper, helper, numpy_helper
from safetensors.torch import load_file

from reference.model.network import Network, Shape, read_shape
from reference.training.rounding import BLOCK, to_four_bits

SHARD_BYTES = 45_000_000
_CONTRIB = "com.microsoft"


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

    def reshape(self, value: str, *shape: int) -> str:
        return self.one("Reshape", value, self.constant(np.array(shape, np.int64)))


def build_graph(network: Network) -> onnx.ModelProto:
    """Return the network as a graph that reads tokens of beams after a shared prompt.

    Inputs are `tokens` [beams, new], `cosine` and `sine` [new, 1, head width / 2], `mask`
    [group * new, written + new], and for each layer `prompt_key`, `prompt_value` [1, kv heads,
    prompt, head width] and `key`, `value` [beams, kv heads, written, head width]. Outputs are
    `scores` [beams, vocabulary] after the last token, and `new_key`, `new_value` with the new
    tokens added.
    """
    shape, graph = network.shape, _Graph()
    weights = {name: value.detach().float() for name, value in network.named_parameters()}
    states = _embedded(graph, weights["embedding.weight"])
    inputs, outputs = [_info("tokens", ["b", "s"], TensorProto.INT64)], []
    half = shape.head_width // 2
    inputs += [_info(name, ["s", 1, half]) for name in ("cosine", "sine")]
    inputs.append(_info("mask", ["g", "u"]))
    for layer in range(shape.layers):
        states = _layer(graph, states, weights, layer, shape)
        for part in ("key", "value"):
            sizes = [shape.kv_heads, "t", shape.head_width]
            inputs.append(_info(f"prompt_{part}{layer}", [1, *sizes]))
            inputs.append(_info(f"{part}{layer}", ["b", shape.kv_heads, "w", shape.head_width]))
            outputs.append(
                _info(f"new_{part}{layer}", ["b", shape.kv_heads, "u", shape.head_width])
            )
    last = graph.one("Gather", states, graph.constant(np.array(-1, np.int64)), axis=1)
    normed = _norm(graph, last, weights["norm.weight"], shape)
    scores = _linear8(graph, normed, weights["embedding.weight"])
    graph.nodes.append(helper.make_node("Identity", [scores], ["scores"]))
    outputs.insert(0, _info("scores", ["b", shape.vocabulary]))
    opsets = [helper.make_opsetid("", 20), helper.make_opsetid(_CONTRIB, 1)]
    body = helper.make_graph(graph.nodes, "wpc", inputs, outputs, graph.constants)
    return helper.make_model(body, opset_imports=opsets, ir_version=10)


def write_model(model: onnx.ModelProto, folder: Path) -> None:
    """Write `model.onnx` and its weights in files of at most `SHARD_BYTES`."""
    folder.mkdir(parents=True, exist_ok=True)
    shard, used = 0, 0
    handle = (folder / f"weights-{shard}.bin").open("wb")
    for tensor in model.graph.initializer:
        data = tensor.raw_data
        if len(data) < 4096:
            continue
        if used + len(data) > SHARD_BYTES:
            handle.close()
            shard, used = shard + 1, 0
            handle = (folder / f"weights-{shard}.bin").open("wb")
        external_data_helper.set_external_data(
            tensor, f"weights-{shard}.bin", offset=used, length=len(data)
        )
        tensor.ClearField("raw_data")
        handle.write(data)
        # Page-aligned tensors can be mapped into memory instead of being read.
        padding = -len(data) % 4096
        handle.write(bytes(padding))
        used += len(data) + padding
    handle.close()
    (folder / "model.onnx").write_bytes(model.SerializeToString())


def _info(name: str, sizes: list[object], kind: int = TensorProto.FLOAT) -> onnx.ValueInfoProto:
    return helper.make_tensor_value_info(name, kind, sizes)


def _embedded(graph: _Graph, weight: torch.Tensor) -> str:
    scale = weight.abs().amax(1, keepdim=True).clamp(min=1e-8) / 127
    rows = graph.constant((weight / scale).round().to(torch.int8).numpy())
    picked = graph.one("Cast", graph.one("Gather", rows, "tokens"), to=TensorProto.FLOAT)
    scales = graph.one("Gather", graph.constant(scale.numpy()), "tokens")
    return graph.one("Mul", picked, scales)


def _layer(
    graph: _Graph, states: str, weights: dict[str, torch.Tensor], layer: int, shape: Shape
) -> str:
    def weight(name: str) -> torch.Tensor:
        return weights[f"layers.{layer}.{name}.weight"]

    normed = _norm(graph, states, weight("attention_norm"), shape)
    query, key, value = (
        graph.reshape(_linear4(graph, normed, weight(name)), 0, 0, -1, shape.head_width)
        for name in ("query", "key", "value")
    )
    query, key, value = (
        graph.one("Transpose", part, perm=[0, 2, 1, 3])
        for part in (_rotated(graph, query), _rotated(graph, key), value)
    )
    for name, part in (("key", key), ("value", value)):
        joined = helper.make_node(
            "Concat", [f"{name}{layer}", part], [f"new_{name}{layer}"], axis=2
        )
        graph.nodes.append(joined)
    attended = _attention(graph, query, layer, shape)
    states = graph.one("Add", states, _linear4(graph, attended, weight("output")))
    normed = _norm(graph, states, weight("mlp_norm"), shape)
    gate = _linear4(graph, normed, weight("gate"))
    gated = graph.one("Mul", gate, graph.one("Sigmoid", gate))
    inner = graph.one("Mul", gated, _linear4(graph, normed, weight("up")))
    return graph.one("Add", states, _linear4(graph, inner, weight("down")))


def _attention(graph: _Graph, query: str, layer: int, shape: Shape) -> str:
    """Attend to the prompt, which all beams share, and to each beam's own tokens."""
    grouped = graph.reshape(query, 0, shape.kv_heads, -1, shape.head_width)
    scaled = graph.one("Mul", grouped, graph.constant(np.array(shape.head_width**-0.5, np.float32)))
    keys = [
        graph.one("Transpose", name, perm=[0, 1, 3, 2])
        for name in (f"prompt_key{layer}", f"new_key{layer}")
    ]
    to_prompt = graph.one("MatMul", scaled, keys[0])
    to_written = graph.one("Add", graph.one("MatMul", scaled, keys[1]), "mask")
    shares = graph.one("Softmax", graph.one("Concat", to_prompt, to_written, axis=-1), axis=-1)
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


def _norm(graph: _Graph, states: str, weight: torch.Tensor, shape: Shape) -> str:
    scale = graph.constant(weight.numpy())
    return graph.one(
        "SimplifiedLayerNormalization", states, scale, axis=-1, epsilon=shape.norm_epsilon
    )


def _linear4(graph: _Graph, states: str, weight: torch.Tensor) -> str:
    levels, scale, zero = (part.squeeze(-1) for part in to_four_bits(weight))
    packed = levels.to(torch.uint8).numpy()
    zeros = zero.clamp(0, 15).to(torch.uint8).numpy()
    if zeros.shape[1] % 2:
        zeros = np.pad(zeros, ((0, 0), (0, 1)))
    constants = [
        graph.constant(packed[..., ::2] | (packed[..., 1::2] << 4)),
        graph.constant(scale.flatten().numpy()),
        graph.constant((zeros[:, ::2] | (zeros[:, 1::2] << 4)).flatten()),
    ]
    return _matmul(graph, states, constants, weight, bits=4)


def _linear8(graph: _Graph, states: str, weight: torch.Tensor) -> str:
    blocks = weight.view(weight.shape[0], -1, BLOCK)
    scale = blocks.abs().amax(-1, keepdim=True).clamp(min=1e-8) / 127
    levels = ((blocks / scale).round() + 128).to(torch.uint8).numpy()
    constants = [graph.constant(levels), graph.constant(scale.flatten().numpy())]
    return _matmul(graph, states, constants, weight, bits=8)


def _matmul(
    graph: _Graph, states: str, constants: list[str], weight: torch.Tensor, bits: int
) -> str:
    rows, columns = weight.shape
    return graph.one(
        "MatMulNBits",
        states,
        *constants,
        domain=_CONTRIB,
        N=rows,
        K=columns,
        bits=bits,
        block_size=BLOCK,
        accuracy_level=4,
    )


def main() -> None:
    """Export a trained model's folder to a folder that the engine can load."""
    parser = argparse.ArgumentParser(description=main.__doc__)
    parser.add_argument("model", type=Path, help="folder that training wrote")
    parser.add_argument("out", type=Path)
    arguments = parser.parse_args()
    network = Network(read_shape(arguments.model))
    network.load_state_dict(load_file(arguments.model / "model.safetensors"))
    write_model(build_graph(network), arguments.out)
    for name in ("shape.json", "tokenizer.json"):
        shutil.copy(arguments.model / name, arguments.out / name)


if __name__ == "__main__":
    main()
