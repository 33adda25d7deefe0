import os
from collections.abc import Callable, Iterator
from pathlib import Path

import keyring
import pytest
from keyring.backend import KeyringBackend
from keyring.errors import KeyringLocked

from server.config import ConfigError, endpoint_settings, user_config_file


@pytest.fixture(autouse=True)
def _own_environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [name for name in os.environ if name.startswith("WPC_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))


def write_config(text: str, mode: int = 0o600) -> Path:
    file = user_config_file()
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text)
    file.chmod(mode)
    return file


def test_without_a_word_the_endpoint_is_local() -> None:
    settings = endpoint_settings()

    assert settings.url is None
    assert not settings.has_credentials


def test_file_then_environment_then_argument(monkeypatch: pytest.MonkeyPatch) -> None:
    write_config('[endpoint]\nurl = "https://file.example"\ntoken = "from-file"\n')
    assert endpoint_settings().url == "https://file.example"

    monkeypatch.setenv("WPC_ENDPOINT", "https://environment.example")
    assert endpoint_settings().url == "https://environment.example"
    assert endpoint_settings("https://argument.example").url == "https://argument.example"


def test_credentials_of_the_file_go_to_its_own_url_only() -> None:
    write_config('[endpoint]\nurl = "https://file.example"\ntoken = "from-file"\n')

    own = endpoint_settings("https://file.example").token
    assert own is not None
    assert own.get_secret_value() == "from-file"
    assert not endpoint_settings("https://other.example").has_credentials


def test_secrets_stay_out_of_texts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WPC_TOKEN", "hush")

    assert "hush" not in repr(endpoint_settings("https://a.example"))


@pytest.fixture
def keep(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[..., None]]:
    """Return a function that writes into the user's keyring."""

    class Backend(KeyringBackend):
        priority = 1  # type: ignore[assignment]

        def __init__(self) -> None:
            super().__init__()
            self.kept: dict[tuple[str, str], str] = {}
            self.locked = False

        def set_password(self, service: str, username: str, password: str) -> None:
            self.kept[service, username] = password

        def get_password(self, service: str, username: str) -> str | None:
            if self.locked:
                raise KeyringLocked("The user did not unlock it.")
            return self.kept.get((service, username))

        def delete_password(self, service: str, username: str) -> None:
            del self.kept[service, username]

    before = keyring.get_keyring()
    keyring.set_keyring(Backend())
    yield keyring.set_password
    keyring.set_keyring(before)


def secrets_of(url: str) -> list[str | None]:
    settings = endpoint_settings(url)
    secrets = (settings.token, settings.modal_key, settings.modal_secret)
    return [secret and secret.get_secret_value() for secret in secrets]


def test_the_environment_goes_before_the_keyring_and_that_before_the_file(
    keep: Callable[..., None], monkeypatch: pytest.MonkeyPatch
) -> None:
    url = "https://a.example"
    write_config(
        f'[endpoint]\nurl = "{url}"\ntoken = "f1"\nmodal-key = "f2"\nmodal-secret = "f3"\n'
    )
    keep(f"wpc {url}", "token", "k1")
    keep(f"wpc {url}", "modal-key", "k2")
    monkeypatch.setenv("WPC_TOKEN", "e1")

    assert secrets_of(url) == secrets_of(f"{url}/") == ["e1", "k2", "f3"]


def test_what_the_keyring_has_for_one_endpoint_goes_to_no_other(keep: Callable[..., None]) -> None:
    keep("wpc https://a.example", "token", "k1")

    assert secrets_of("https://a.example.evil") == [None, None, None]
    assert not endpoint_settings().has_credentials


def test_a_keyring_that_stays_locked_has_nothing(keep: Callable[..., None]) -> None:
    keep("wpc https://a.example", "token", "k1")
    keyring.get_keyring().locked = True

    assert secrets_of("https://a.example") == [None, None, None]


@pytest.mark.skipif(os.name != "posix", reason="modes are POSIX's")
def test_file_that_others_can_read_is_refused() -> None:
    file = write_config('[endpoint]\ntoken = "x"\n', 0o640)

    with pytest.raises(ConfigError, match="chmod 600") as error:
        endpoint_settings()
    assert str(file) in str(error.value)


@pytest.mark.parametrize("text", ["[endpoint]\nurl = 1\n", "[endpont]\n", "[endpoint]\nurk = ''\n"])
def test_malformed_file_is_refused(text: str) -> None:
    write_config(text)

    with pytest.raises(ConfigError, match=r"\[endpoint\]"):
        endpoint_settings()


@pytest.mark.parametrize("url", ["ftp://a.example", "a.example", "http://", "https://a:b:c"])
def test_what_is_no_endpoint_is_refused(url: str) -> None:
    with pytest.raises(ConfigError, match="is no endpoint"):
        endpoint_settings(url)


def test_secrets_do_not_travel_unencrypted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WPC_TOKEN", "hush")

    assert endpoint_settings("http://127.0.0.1:8000").url == "http://127.0.0.1:8000"
    with pytest.raises(ConfigError, match="unencrypted"):
        endpoint_settings("http://lab.example:8000")


def test_credentials_of_the_environment_go_to_its_own_url(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WPC_TOKEN", "hush")
    monkeypatch.setenv("WPC_ENDPOINT", "https://ours.example/")
    assert endpoint_settings("https://ours.example").has_credentials
    assert not endpoint_settings("https://theirs.example").has_credentials
    monkeypatch.delenv("WPC_ENDPOINT")
    assert endpoint_settings("https://any.example").has_credentials
