"""Embedded mode has a secret of its own; production refuses to start without one."""

import os
import subprocess
import sys
from pathlib import Path

from pim.project.embedded import own_public_url, own_secret

ROOT = Path(__file__).resolve().parents[3]


def start(folder, **environment):
    """Start Django with exactly these settings; return exit code and last line of errors."""
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("PIM_", "DJANGO_"))}
    done = subprocess.run(
        [sys.executable, "manage.py", "check"],
        cwd=ROOT,
        env={**kept, "PIM_DATA_DIR": str(folder), **environment},
        capture_output=True,
        text=True,
        check=False,
    )
    return done.returncode, (done.stderr.splitlines() or [""])[-1]


def test_secret_is_made_once_and_readable_by_its_owner_only(tmp_path):
    first = own_secret(tmp_path / "data")
    assert len(first) > 50
    assert own_secret(tmp_path / "data") == first
    assert own_secret(tmp_path / "other") != first
    assert (tmp_path / "data" / "secret-key").stat().st_mode & 0o777 == 0o600
    assert [p.name for p in (tmp_path / "data").iterdir()] == ["secret-key"]


def test_public_url_is_the_one_that_was_kept(tmp_path):
    assert own_public_url(tmp_path / "public-url") == "http://localhost:8000"
    (tmp_path / "public-url").write_text("http://localhost:8191\n")
    assert own_public_url(tmp_path / "public-url") == "http://localhost:8191"


def test_a_bare_start_is_embedded(tmp_path):
    assert start(tmp_path)[0] == 0
    assert (tmp_path / "secret-key").exists()


def test_a_named_database_without_a_secret_is_refused(tmp_path):
    code, error = start(tmp_path, PIM_DATABASE_URL="postgres://pim@127.0.0.1/pim")
    assert code == 1
    assert "Set PIM_SECRET_KEY" in error
    assert not (tmp_path / "secret-key").exists()
