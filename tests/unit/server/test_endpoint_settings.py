import os
from pathlib import Path

import pytest

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
