"""A backup brings back database and files; a filled database is not overwritten unasked."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


def manage(folder, *arguments):
    """Run a management command on a SQLite installation of its own."""
    environment = {
        **os.environ,
        "PIM_EMBEDDED": "1",
        "PIM_DATA_DIR": str(folder),
        "PIM_DATABASE_URL": f"sqlite:///{folder}/pim.sqlite3",
        "DJANGO_SETTINGS_MODULE": "pim.project.settings",
    }
    return subprocess.run(
        [sys.executable, "manage.py", *arguments],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )


FILL = """
from django.utils import timezone
from pim.models import Product
from syndication.models import ChannelSequence
Product.objects.create(identifier="A", updated_at=timezone.now())
ChannelSequence.objects.create(channel="web", value=7)
"""
READ = """
from pim.models import Product
from syndication.models import ChannelSequence
print([p.identifier for p in Product.objects.all()],
      [(row.epoch > 1, row.value) for row in ChannelSequence.objects.all()])
"""


@pytest.fixture(scope="module")
def filled(tmp_path_factory):
    """A migrated installation with one product and one asset file."""
    folder = tmp_path_factory.mktemp("filled")
    assert manage(folder, "migrate", "-v0").returncode == 0
    assert manage(folder, "shell", "-v0", "-c", FILL).returncode == 0
    (folder / "assets" / "ab").mkdir(parents=True)
    (folder / "assets" / "ab" / "file").write_bytes(b"picture")
    return folder


@pytest.fixture
def installation(filled, tmp_path):
    """A copy of it to work on."""
    return Path(shutil.copytree(filled, tmp_path / "one"))


def test_restore_brings_back_rows_and_files_in_a_new_epoch(installation, tmp_path):
    archive, other = tmp_path / "backup.tar", tmp_path / "two"
    assert manage(installation, "backup", str(archive)).returncode == 0
    other.mkdir()
    restored = manage(other, "restore", str(archive))
    assert (restored.returncode, restored.stderr) == (0, "")
    assert manage(other, "shell", "-v0", "-c", READ).stdout.strip() == "['A'] [(True, 7)]"
    assert (other / "assets" / "ab" / "file").read_bytes() == b"picture"


def test_restore_refuses_a_filled_database(installation, tmp_path):
    archive = tmp_path / "backup.tar"
    manage(installation, "backup", str(archive))
    refused = manage(installation, "restore", str(archive))
    assert refused.returncode == 1
    assert "not empty" in refused.stderr
    assert manage(installation, "shell", "-v0", "-c", READ).stdout.strip() == "['A'] [(False, 7)]"
