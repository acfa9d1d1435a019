"""What embedded mode keeps for itself in the data folder: a secret that nobody has to choose."""

import os
import secrets
from contextlib import suppress
from pathlib import Path


def own_secret(folder: Path) -> str:
    """Return the installation's secret, made at random on the first call; mode 0600.

    Two processes that start at once agree: the name is linked to one whole file or the other.
    """
    kept = folder / "secret-key"
    if not kept.exists():
        folder.mkdir(parents=True, exist_ok=True)
        aside = folder / f".secret-key.{os.getpid()}"
        with open(os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
            file.write(secrets.token_urlsafe(50))
        with suppress(FileExistsError):
            os.link(aside, kept)
        aside.unlink()
    return kept.read_text()


def own_public_url(kept: Path) -> str:
    """Return the address that the demonstration was last started on, else the usual one."""
    return kept.read_text().strip() if kept.exists() else "http://localhost:8000"
