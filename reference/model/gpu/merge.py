"""Write a base model with an adapter merged in, as a GPU loads it: once, not at every start.

Run `python -m reference.model.gpu.merge OUT`. The base is downloaded at the revision that the
adapter is for, or taken from a folder (`--base`, or the environment variable `WPC_BASE_MODEL`).
"""

import argparse
import os
import shutil
from pathlib import Path

from huggingface_hub import snapshot_download
from safetensors.torch import save_file

from reference.model.adapter import load_network, read_origin
from reference.model.gpu.load import ADAPTER, NETWORK, SHAPE, TOKENIZER
from reference.model.repair_model import CALIBRATION


def merge(base: Path, adapter: Path, out: Path) -> None:
    """Write the merged network in half precision, its shape and its tokenizer.

    Raises
    ------
    BaseModelError
        If `base` is not the model that the adapter is for.
    """
    network = load_network(base, adapter).half()
    out.mkdir(parents=True, exist_ok=True)
    save_file(network.state_dict(), out / NETWORK)
    for name in (SHAPE, TOKENIZER, CALIBRATION):
        if (adapter / name).exists():
            shutil.copyfile(adapter / name, out / name)


def download(adapter: Path) -> Path:
    """Return the folder of an adapter's base model, downloaded if need be."""
    origin = read_origin(adapter)
    wanted = ["*.safetensors", "config.json", "tokenizer.json"]
    found = snapshot_download(origin.repository, revision=origin.revision, allow_patterns=wanted)
    return Path(found)


def main() -> None:
    """Write the merged model."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0] if __doc__ else None)
    parser.add_argument("out", type=Path, help="folder to write")
    parser.add_argument("--adapter", type=Path, default=ADAPTER, help="folder of the adapter")
    parser.add_argument(
        "--base",
        type=Path,
        default=os.environ.get("WPC_BASE_MODEL"),
        help="folder of the base model; by default WPC_BASE_MODEL, or a download",
    )
    arguments = parser.parse_args()
    base = arguments.base or download(arguments.adapter)
    merge(base, arguments.adapter, arguments.out)


if __name__ == "__main__":
    main()
