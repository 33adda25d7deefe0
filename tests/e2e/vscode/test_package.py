"""What is in the packed extension."""

from zipfile import ZipFile

from .toolbox import Toolbox

MOST_BYTES = 1_000_000


def test_the_package_is_small_and_holds_what_it_needs(toolbox: Toolbox) -> None:
    with ZipFile(toolbox.vsix) as package:
        sizes = {entry.filename: entry.compress_size for entry in package.infolist()}
    [server] = [name for name in sizes if name.endswith(".whl")]
    assert server.endswith("-py3-none-any.whl")  # for every platform
    assert sum(sizes.values()) - sizes[server] < MOST_BYTES
    assert {
        "extension/changelog.md",
        "extension/dist/extension.js",
        "extension/l10n/bundle.l10n.ko.json",
        "extension/LICENSE.txt",
        "extension/media/icon.png",
        "extension/package.nls.ko.json",
        "extension/readme.md",
    } <= set(sizes)
    assert not [name for name in sizes if name.endswith((".ts", ".map")) or "node_modules" in name]
