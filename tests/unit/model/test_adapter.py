"""An adapter on a base model, both tiny."""

import json
from pathlib import Path

import pytest

torch = pytest.importorskip(
    "torch", reason="training needs the extra `train`", exc_type=ImportError
)

from safetensors.torch import load_file, save_file  # noqa: E402
from tokenizers import Tokenizer, models, pre_tokenizers  # noqa: E402

from reference.model.adapter import (  # noqa: E402
    BaseModelError,
    Origin,
    load_network,
    low_rank_parts,
)
from reference.model.network import Network, Packing  # noqa: E402
from reference.training.base import prune_vocabulary, read_folder, write_adapter  # noqa: E402
from reference.training.lora import adapter_tensors, add_adapters, go_on_from  # noqa: E402

WIDTH, HIDDEN, LAYERS = 32, 48, 2
TOKENS = list(range(180, 220))


@pytest.fixture
def base(tmp_path: Path) -> Path:
    torch.manual_seed(0)
    folder = tmp_path / "base"
    folder.mkdir()
    alphabet = sorted(pre_tokenizers.ByteLevel.alphabet())
    tokenizer = Tokenizer(models.BPE(vocab={c: n for n, c in enumerate(alphabet)}, merges=[]))
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    tokenizer.save(str(folder / "tokenizer.json"))
    config = {
        "hidden_size": WIDTH,
        "intermediate_size": HIDDEN,
        "num_hidden_layers": LAYERS,
        "num_attention_heads": 4,
        "num_key_value_heads": 2,
        "rope_theta": 1e4,
        "rms_norm_eps": 1e-6,
    }
    (folder / "config.json").write_text(json.dumps(config))
    tensors = {
        "model.embed_tokens.weight": torch.randn(len(alphabet), WIDTH),
        "model.norm.weight": torch.ones(WIDTH),
    }
    for layer in range(LAYERS):
        for name, rows, columns in (
            ("self_attn.q_proj", WIDTH, WIDTH),
            ("self_attn.k_proj", WIDTH // 2, WIDTH),
            ("self_attn.v_proj", WIDTH // 2, WIDTH),
            ("self_attn.o_proj", WIDTH, WIDTH),
            ("mlp.gate_proj", HIDDEN, WIDTH),
            ("mlp.up_proj", HIDDEN, WIDTH),
            ("mlp.down_proj", WIDTH, HIDDEN),
        ):
            tensors[f"model.layers.{layer}.{name}.weight"] = torch.randn(rows, columns) / 6
        for name in ("q_proj", "k_proj", "v_proj"):
            rows = len(tensors[f"model.layers.{layer}.self_attn.{name}.weight"])
            tensors[f"model.layers.{layer}.self_attn.{name}.bias"] = torch.randn(rows)
        for name in ("input_layernorm", "post_attention_layernorm"):
            tensors[f"model.layers.{layer}.{name}.weight"] = torch.rand(WIDTH) + 0.5
    save_file(tensors, folder / "model.safetensors")
    return folder


@pytest.fixture
def adapter(base: Path, tmp_path: Path) -> Path:
    folder = tmp_path / "adapter"
    small, tokenizer = prune_vocabulary(read_folder(base), ["a = 1\n"], 300)
    write_adapter(small, tokenizer, Origin("someone/something", "0" * 40), folder)
    return folder


def scores(network: Network) -> "torch.Tensor":
    tokens = torch.tensor(TOKENS)
    bounds = torch.tensor([0, len(TOKENS)], dtype=torch.int32)
    with torch.no_grad():
        hidden = network(tokens, Packing(bounds, len(TOKENS), torch.arange(len(TOKENS))))
        return network.logits(hidden)


def trained(base: Path, adapter: Path) -> Network:
    """A network with adapters as if they had learned something; `adapter` is rewritten."""
    start = load_file(adapter / "adapter.safetensors")
    network = load_network(base, adapter)
    add_adapters(network, 4, torch.float32)
    with torch.no_grad():
        for name, value in network.named_parameters():
            if name.endswith(".b"):
                value.copy_(torch.randn_like(value) / 8)
    learned = adapter_tensors(dict(network.named_parameters()))
    save_file({**start, **learned}, adapter / "adapter.safetensors")
    return network


def test_what_was_trained_is_what_is_loaded(base: Path, adapter: Path) -> None:
    before = scores(load_network(base, adapter))
    expected = scores(trained(base, adapter))
    assert (expected - before).abs().max() > 0.5
    torch.testing.assert_close(scores(load_network(base, adapter)), expected, atol=0.02, rtol=0.01)


def test_training_goes_on_where_an_adapter_ended(base: Path, adapter: Path) -> None:
    expected = scores(trained(base, adapter))
    learned = low_rank_parts(load_file(adapter / "adapter.safetensors"))
    network = load_network(base, adapter, merged=False)
    add_adapters(network, 4, torch.float32)
    go_on_from(network, learned)
    torch.testing.assert_close(scores(network), expected, atol=0.02, rtol=0.01)
    other = load_network(base, adapter, merged=False)
    add_adapters(other, 8, torch.float32)
    with pytest.raises(ValueError, match="rank 4"):
        go_on_from(other, learned)


def test_an_adapter_fits_a_base_that_was_scaled_without_a_change_of_what_it_does(
    base: Path, adapter: Path
) -> None:
    expected = scores(trained(base, adapter))
    tensors = load_file(base / "model.safetensors")
    for layer in range(LAYERS):
        prefix = f"model.layers.{layer}."
        for norm, readers in (
            ("input_layernorm", ("self_attn.q_proj", "self_attn.k_proj", "self_attn.v_proj")),
            ("post_attention_layernorm", ("mlp.gate_proj", "mlp.up_proj")),
        ):
            scale = torch.rand(WIDTH) + 0.5
            tensors[f"{prefix}{norm}.weight"] /= scale
            for reader in readers:
                tensors[f"{prefix}{reader}.weight"] *= scale
        scale = torch.rand(HIDDEN) + 0.5
        tensors[f"{prefix}mlp.up_proj.weight"] /= scale[:, None]
        tensors[f"{prefix}mlp.down_proj.weight"] *= scale
    save_file(tensors, base / "model.safetensors")
    torch.testing.assert_close(scores(load_network(base, adapter)), expected, atol=0.02, rtol=0.01)


def test_only_adapters_and_our_own_tokens_learn(base: Path, adapter: Path) -> None:
    network = load_network(base, adapter)
    add_adapters(network, 4, torch.float32)
    tokens = torch.tensor(TOKENS)
    bounds = torch.tensor([0, len(TOKENS)], dtype=torch.int32)
    hidden = network(tokens, Packing(bounds, len(TOKENS), torch.arange(len(TOKENS))))
    network.logits(hidden).square().mean().backward()
    learning = {name for name, value in network.named_parameters() if value.grad is not None}
    assert {name.rpartition(".")[2] for name in learning} == {"a", "b", "weight"}
    assert {name for name in learning if name.endswith("weight")} == {"embedding.weight"}
    gradient = network.embedding.weight.grad
    assert gradient is not None
    assert gradient[:172].abs().sum() > 0
    assert gradient[172:].abs().sum() == 0


def test_another_model_is_refused(base: Path, adapter: Path) -> None:
    config = json.loads((base / "config.json").read_text())
    (base / "config.json").write_text(json.dumps({**config, "num_hidden_layers": 9}))
    with pytest.raises(BaseModelError, match="someone/something"):
        load_network(base, adapter)
    with pytest.raises(BaseModelError, match=r"config\.json"):
        load_network(base / "nothing", adapter)
