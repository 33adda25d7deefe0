"""Credentials that the user keeps in the keyring of the operating system."""

from collections.abc import Iterable


def credentials_for(url: str, names: Iterable[str]) -> dict[str, str]:
    """Return the credentials for an endpoint, as far as the keyring has them.

    They are kept under the service `wpc URL`, each with its name for a user. Nothing is found
    where the package `keyring` is not installed, or no keyring can be opened; a locked one may
    ask the user.
    """
    try:
        import keyring
        from keyring.errors import KeyringError
    except ImportError:
        return {}
    found: dict[str, str] = {}
    try:
        for name in names:
            if secret := keyring.get_password(f"wpc {url}", name):
                found[name] = secret
    except KeyringError:
        return {}
    return found
