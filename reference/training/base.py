"""Take a base model out of a GGUF file, with the vocabulary that programs and statements need.

Run `python -m reference.training.base --help`. Only this module knows GGUF; it needs the packages
`gguf` and `safetensors`.
"""

import argparse
import json
from collections import Counter
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
from gguf import GGUFReader
from gguf.quants import dequantize
from safetensors.numpy import save_file
from tokenizers import Tokenizer, decoders, models, pre_tokenizers

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
    """A base model: its shape, its tensors by our names (float32), and its vocabulary."""

    shape: Shape
    tensors: dict[str, np.ndarray]
    tokens: list[str]
    merges: list[tuple[str, str]]


def read_gguf(path: Path) -> Base:
    """Read a Llama model from a GGUF file and dequantise it."""
    reader = GGUFReader(path)

    def field(name: str) -> float:
        return float(reader.fields[f"llama.{name}"].contents())

    heads, kv_heads = int(field("attention.head_count")), int(field("attention.head_count_kv"))
    tokens = list(reader.fields["tokenizer.ggml.tokens"].contents())
    merges = [
        tuple(merge.split(" ")) for merge in reader.fields["tokenizer.ggml.merges"].contents()
    ]
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
        tensors[f"{name}.weight"] = weight
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
    return Base(shape, tensors, tokens, merges)


def prune_vocabulary(base: Base, corpus: Iterable[str], size: int) -> tuple[Base, Tokenizer]:
    """Keep the `size` tokens that `corpus` uses most, what they merge from, and all bytes.

    The ids of our special tokens come first. Any text stays encodable.
    """
    full_ids = {token: n for n, token in enumerate(base.tokens)}
    full = _tokenizer(full_ids, base.merges)
    counts: Counter[int] = Counter()
    for encoding in full.encode_batch(list(corpus), add_special_tokens=False):
        counts.update(encoding.ids)
    parts = {left + right: (left, right) for left, right in base.merges}
    bytes_ = sorted(pre_tokenizers.ByteLevel.alphabet())
    kept = set(bytes_)

    def keep(token: str) -> None:
        if token not in kept and not token.startswith("<|"):
            kept.add(token)
            for part in parts.get(token, ()):
                keep(part)

    # After the corpus's own tokens come the earliest ones, which are the commonest elsewhere.
    for token_id in (*(token_id for token_id, _ in counts.most_common()), *range(len(full_ids))):
        if len(kept) >= size:
            break
        keep(base.tokens[token_id])
    tokens = sorted(kept, key=lambda token: full_ids.get(token, -1))
    merges = [merge for merge in base.merges if {*merge, "".join(merge)} <= kept]
    vocabulary = {token: len(SPECIAL_TOKENS) + n for n, token in enumerate(tokens)}
    embedding = base.tensors["embedding.weight"]
    mean, spread = embedding.mean(axis=0), embedding.std() * 0.5
    rng = np.random.default_rng(0)
    rows = [mean + rng.normal(0, spread, mean.shape) for _ in SPECIAL_TOKENS]
    rows += [embedding[full_ids[token]] if token in full_ids else mean for token in tokens]
    # A multiple of 64 rows suits matrix units.
    rows += [mean] * (-len(rows) % 64)
    pruned = dict(base.tensors, **{"embedding.weight": np.stack(rows).astype(np.float32)})
    shape = Shape(**{**asdict(base.shape), "vocabulary": len(rows)})
    return Base(shape, pruned, tokens, merges), _tokenizer(vocabulary, merges)


def write_base(base: Base, tokenizer: Tokenizer, folder: Path) -> None:
    """Write `shape.json`, `model.safetensors` (float32) and `tokenizer.json`."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "shape.json").write_text(json.dumps(asdict(base.shape), indent=1), encoding="utf-8")
    save_file(base.tensors, folder / "model.safetensors")
    tokenizer.save(str(folder / "tokenizer.json"))


def _halves(weight: np.ndarray, heads: int) -> np.ndarray:
    """Undo GGUF's interleaving of the rotary pairs: (even, odd, …) becomes (evens, odds)."""
    rows, columns = weight.shape
    pairs = weight.reshape(heads, rows // heads // 2, 2, columns)
    return np.ascontiguousarray(pairs.swapaxes(1, 2).reshape(rows, columns))


def _tokenizer(vocabulary: dict[str, int], merges: list[tuple[str, str]]) -> Tokenizer:
    tokenizer = Tokenizer(models.BPE(vocab=vocabulary, merges=merges))
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence(
        [
            pre_tokenizers.Digits(individual_digits=True),
            pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=True),
        ]
    )
    tokenizer.decoder = decoders.ByteLevel()
    return tokenizer


def main() -> None:
    """Write the pruned base model."""
    parser = argparse.ArgumentParser(description=main.__doc__)
    parser.add_argument("gguf", type=Path, help="base model, a Llama in GGUF")
    parser.add_argument("data", type=Path, help="folder of training data")
    parser.add_argument("out", type=Path, help="folder to write")
    parser.add_argument("--size", type=int, default=12_000, help="tokens to keep")
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
    base, tokenizer = prune_vocabulary(read_gguf(arguments.gguf), texts, arguments.size)
    write_base(base, tokenizer, arguments.out)
    print(f"{base.shape.vocabulary} tokens, {arguments.out}")


if __name__ == "__main__":
    main()
