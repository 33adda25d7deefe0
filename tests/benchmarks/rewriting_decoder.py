"""What it takes to write a program anew: python -m tests.benchmarks.rewriting_decoder.

A common design for repair by translation, for comparison: an encoder of the size of GraphCodeBERT
(Guo et al., 2021) reads a program padded to 512 tokens, a decoder of six layers writes the whole
fixed program by beam search, ten beams wide, and reads all that it has written so far again at
every step. The weights are random, so no beam ends by itself: it writes as many tokens as a
program of middle length has.
"""

import os
import platform
import time

import numpy as np
import torch
from rich.console import Console
from rich.table import Table
from torch import Tensor, nn
from torch.nn import functional

VOCABULARY = 50_265
WIDTH = 768
HEADS = 12
HIDDEN = 3072
ENCODER_LAYERS = 12
DECODER_LAYERS = 6
INPUT_TOKENS = 512
OUTPUT_TOKENS = 150
BEAMS = 10
PROGRAMS = 8


class RewritingModel(nn.Module):
    """An encoder and a decoder with tied embeddings and random weights."""

    def __init__(self) -> None:
        super().__init__()
        self.embedding = nn.Embedding(VOCABULARY, WIDTH)
        self.places = nn.Embedding(INPUT_TOKENS, WIDTH)
        options = {"activation": "gelu", "batch_first": True, "dropout": 0.0}
        self.encoder = nn.TransformerEncoder(
            nn.TransformerEncoderLayer(WIDTH, HEADS, HIDDEN, **options), ENCODER_LAYERS
        )
        self.decoder = nn.TransformerDecoder(
            nn.TransformerDecoderLayer(WIDTH, HEADS, HIDDEN, **options), DECODER_LAYERS
        )

    def read(self, program: Tensor) -> Tensor:
        """Encode int64 [1, tokens] as [1, tokens, width]."""
        result: Tensor = self.encoder(self._embedded(program))
        return result

    def scores(self, written: Tensor, memory: Tensor) -> Tensor:
        """Return log-probabilities [beams, vocabulary] of what follows int64 [beams, tokens]."""
        size = written.shape[1]
        mask = nn.Transformer.generate_square_subsequent_mask(size, device=written.device)
        states = self.decoder(
            self._embedded(written),
            memory.expand(len(written), -1, -1),
            tgt_mask=mask.to(memory.dtype),
            tgt_is_causal=True,
        )
        return functional.linear(states[:, -1], self.embedding.weight).log_softmax(-1)

    def _embedded(self, tokens: Tensor) -> Tensor:
        places = torch.arange(tokens.shape[1], device=tokens.device)
        embedded: Tensor = self.embedding(tokens) + self.places(places)
        return embedded


@torch.inference_mode()
def rewrite(model: RewritingModel, program: Tensor) -> Tensor:
    """Write by beam search; return int64 [beams, tokens]."""
    memory = model.read(program)
    written = program[:, :1]
    totals = torch.zeros(1, 1, device=program.device)
    for _ in range(OUTPUT_TOKENS):
        candidates = (totals + model.scores(written, memory).float()).flatten()
        best, places = candidates.topk(BEAMS)
        totals = best[:, None]
        tokens = places % VOCABULARY
        written = torch.cat((written[places // VOCABULARY], tokens[:, None]), dim=1)
    return written


def main() -> None:
    """Print the table."""
    device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
    name = torch.cuda.get_device_name() if device.type == "cuda" else platform.processor()
    table = Table("precision", "p50, ms", "tokens a second", title=f"{name}, one program at a time")
    torch.manual_seed(0)
    model = RewritingModel().to(device).eval()
    for dtype in (torch.float32, torch.float16) if device.type == "cuda" else (torch.float32,):
        model = model.to(dtype)
        taken = []
        for number in range(PROGRAMS + 1):
            program = torch.randint(VOCABULARY, (1, INPUT_TOKENS), device=device)
            start = time.perf_counter()
            rewrite(model, program).cpu()
            if number:  # the first warms up
                taken.append(time.perf_counter() - start)
        seconds = float(np.median(taken))
        table.add_row(
            str(dtype).removeprefix("torch."),
            f"{seconds * 1000:.0f}",
            f"{BEAMS * OUTPUT_TOKENS / seconds:.0f}",
        )
    console = Console()
    console.print(table)
    console.print(f"load {os.getloadavg()[0]:.1f}, torch {torch.__version__}")


if __name__ == "__main__":
    main()
