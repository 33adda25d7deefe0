"""Prepare a base model for training: its weights, and the vocabulary that programs need.

Run `python -m reference.training.base --help`. A Llama in a GGUF file is written out whole, for
training all weights; from a folder as the Hugging Face hub lays it out, an adapter that has
learned nothing yet. Only this module knows GGUF; it needs the packages `gguf` and `safetensors`.
"""

import argparse
import json
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import torch
from safetensors.torch import save_file
from tokenizers import Tokenizer, decoders, models, pre_tokenizers
from torch import Tensor

from reference.model.adapter import Origin, alignment, read_base
from reference.model.network import Shape
from reference.model.prompt import SPECIAL_TOKENS
from reference.training.corpus import vocabulary_texts
from reference.training.sources import read_problems, read_solutions

_LAYER_TENSORS = {
    "attn_norm": "attention_norm",
    "attn_q": "query",
    "attn_k": "key",
    "attn_v": "value",
    "attn_output": "output",
    "ffn_norm": "mlp_norm",
    "ffn_gate": "gate",
    "ffn_up": "up",
    "ffn_down": "down",
}


@dataclass(frozen=True, slots=True)
class Base:
    """A base model: its shape, its tensors by our names (float32), and its vocabulary.

    `split` is the tokenizer's rule for cutting a text into words, `ids` the id of each token.
    """

    shape: Shape
    tensors: dict[str, Tensor]
    ids: dict[str, int]
    merges: list[tuple[str, str]]
    split: pre_tokenizers.PreTokenizer


def read_gguf(path: Path) -> Base:
    """Read a Llama model from a GGUF file and dequantise it."""
    from gguf import GGUFReader
    from gguf.quants import dequantize

    reader = GGUFReader(path)

    def field(name: str) -> float:
        return float(reader.fields[f"llama.{name}"].contents())

    heads, kv_heads = int(field("attention.head_count")), int(field("attention.head_count_kv"))
    tokens = list(reader.fields["tokenizer.ggml.tokens"].contents())
    merges = _pairs(reader.fields["tokenizer.ggml.merges"].contents())
    tensors = {}
    for tensor in reader.tensors:
        weight = dequantize(tensor.data, tensor.tensor_type).astype(np.float32)
        weight = weight.reshape(tuple(reversed([int(size) for size in tensor.shape])))
        name = tensor.name.removesuffix(".weight")
        if name.startswith("blk."):
            _, layer, part = name.split(".")
            if part in ("attn_q", "attn_k"):
                weight = _halves(weight, heads if part == "attn_q" else kv_heads)
            name = f"layers.{layer}.{_LAYER_TENSORS[part]}"
        else:
            name = {"token_embd": "embedding", "output_norm": "norm"}[name]
        tensors[f"{name}.weight"] = torch.from_numpy(np.ascontiguousarray(weight))
    shape = Shape(
        vocabulary=len(tokens),
        width=int(field("embedding_length")),
        hidden=int(field("feed_forward_length")),
        layers=int(field("block_count")),
        heads=heads,
        kv_heads=kv_heads,
        rope_base=field("rope.freq_base"),
        norm_epsilon=field("attention.layer_norm_rms_epsilon"),
    )
    split = pre_tokenizers.Sequence(
        [
            pre_tokenizers.Digits(individual_digits=True),
            pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=True),
        ]
    )
    return Base(shape, tensors, {token: n for n, token in enumerate(tokens)}, merges, split)


def read_folder(folder: Path) -> Base:
    """Read a Llama or a Qwen 2 from a folder as the Hugging Face hub lays it out."""
    shape, tensors = read_base(folder)
    path = folder / "tokenizer.json"
    model = json.loads(path.read_text(encoding="utf-8"))["model"]
    split = Tokenizer.from_file(str(path)).pre_tokenizer
    return Base(shape, tensors, model["vocab"], _pairs(model["merges"]), split)


def prune_vocabulary(base: Base, corpus: Iterable[str], size: int) -> tuple[Base, Tokenizer]:
    """Keep the `size` tokens that `corpus` uses most, what they merge from, and all bytes.

    The ids of our special tokens come first. Any text stays encodable.
    """
    full = _tokenizer(base.ids, base.merges, base.split)
    counts: Counter[int] = Counter()
    for encoding in full.encode_batch(list(corpus), add_special_tokens=False):
        counts.update(encoding.ids)
    names = {token_id: token for token, token_id in base.ids.items()}
    parts = {left + right: (left, right) for left, right in base.merges}
    kept = set(pre_tokenizers.ByteLevel.alphabet())

    def keep(token: str) -> None:
        if token not in kept and not token.startswith("<|"):
            kept.add(token)
            for part in parts.get(token, ()):
                keep(part)

    # After the corpus's own tokens come the earliest ones, which are the commonest elsewhere.
    for token_id in (*(token_id for token_id, _ in counts.most_common()), *sorted(names)):
        if len(kept) >= size:
            break
        keep(names[token_id])
    tokens = sorted(kept, key=lambda token: base.ids.get(token, -1))
    merges = [merge for merge in base.merges if {*merge, "".join(merge)} <= kept]
    vocabulary = {token: len(SPECIAL_TOKENS) + n for n, token in enumerate(tokens)}
    embedding = base.tensors["embedding.weight"]
    mean, spread = embedding.mean(dim=0), float(embedding.std()) * 0.5
    noise = torch.randn(len(SPECIAL_TOKENS), len(mean), generator=torch.Generator().manual_seed(0))
    rows = [mean + spread * noise]
    rows += [embedding[base.ids[t]][None] if t in base.ids else mean[None] for t in tokens]
    # A multiple of 64 rows suits matrix units.
    rows += [mean[None]] * (-(len(SPECIAL_TOKENS) + len(tokens)) % 64)
    pruned = dict(base.tensors, **{"embedding.weight": torch.cat(rows)})
    shape = replace(base.shape, vocabulary=len(pruned["embedding.weight"]))
    small = Base(shape, pruned, vocabulary, merges, base.split)
    return small, _tokenizer(vocabulary, merges, base.split)


def write_base(base: Base, tokenizer: Tokenizer, folder: Path) -> None:
    """Write `shape.json`, `model.safetensors` (float32) and `tokenizer.json`."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "shape.json").write_text(json.dumps(asdict(base.shape), indent=1), encoding="utf-8")
    save_file(base.tensors, folder / "model.safetensors")
    tokenizer.save(str(folder / "tokenizer.json"))


def write_adapter(base: Base, tokenizer: Tokenizer, origin: Origin, folder: Path) -> None:
    """Write an adapter for `base`, with its vocabulary pruned, that changes nothing."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "shape.json").write_text(json.dumps(asdict(base.shape), indent=1), encoding="utf-8")
    (folder / "base.json").write_text(json.dumps(asdict(origin), indent=1), encoding="utf-8")
    special = base.tensors["embedding.weight"][: len(SPECIAL_TOKENS)].half()
    tensors = {"special": special, **alignment(base.tensors, base.shape)}
    save_file(tensors, folder / "adapter.safetensors")
    tokenizer.save(str(folder / "tokenizer.json"))


def _pairs(merges: Sequence[Any]) -> list[tuple[str, str]]:
    pairs = [merge.split(" ") if isinstance(merge, str) else merge for merge in merges]
    return [(left, right) for left, right in pairs]


def _halves(weight: np.ndarray, heads: int) -> np.ndarray:
    """Undo GGUF's interleaving of the rotary pairs: (even, odd, …) becomes (evens, odds)."""
    rows, columns = weight.shape
    pairs = weight.reshape(heads, rows // heads // 2, 2, columns)
    return np.ascontiguousarray(pairs.swapaxes(1, 2).reshape(rows, columns))


def _tokenizer(
    vocabulary: dict[str, int], merges: list[tuple[str, str]], split: pre_tokenizers.PreTokenizer
) -> Tokenizer:
    tokenizer = Tokenizer(models.BPE(vocab=vocabulary, merges=merges))
    tokenizer.pre_tokenizer = split
    tokenizer.decoder = decoders.ByteLevel()
    return tokenizer


def main() -> None:
    """Write a base model, or an adapter for one, with the vocabulary that the data needs."""
    parser = argparse.ArgumentParser(description=main.__doc__)
    parser.add_argument("base", type=Path, help="a Llama in GGUF, or a Hugging Face folder")
    parser.add_argument("data", type=Path, help="folder of training data")
    parser.add_argument("out", type=Path, help="folder to write")
    parser.add_argument("--size", type=int, default=12_000, help="tokens to keep")
    parser.add_argument("--repository", help="where a folder's model comes from, on the hub")
    parser.add_argument("--revision", help="and at which commit")
    arguments = parser.parse_args()
    problems = [
        problem
        for path in sorted(arguments.data.glob("*problems*.jsonl"))
        for problem in read_problems(path).values()
    ]
    programs = [
        solution.code
        for path in sorted(arguments.data.glob("solutions*.jsonl"))
        for solution in read_solutions(path)
    ]
    texts = vocabulary_texts(problems, programs)
    if arguments.base.is_dir():
        if not (arguments.repository and arguments.revision):
            parser.error("say where the base is to be had: --repository and --revision")
        origin = Origin(arguments.repository, arguments.revision)
        base, tokenizer = prune_vocabulary(read_folder(arguments.base), texts, arguments.size)
        write_adapter(base, tokenizer, origin, arguments.out)
    else:
        base, tokenizer = prune_vocabulary(read_gguf(arguments.base), texts, arguments.size)
        write_base(base, tokenizer, arguments.out)
    print(f"{base.shape.vocabulary} tokens, {arguments.out}")


if __name__ == "__main__":
    main()
