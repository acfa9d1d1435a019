"""A backup brings back database and files; a filled database is not overwritten unasked."""

import os
import shutil
import subprocess
import sys
import tarfile
from pathlib import Path
from urllib.parse import quote

import pytest
from django.db import connection

from tests.factories import buckets

ROOT = Path(__file__).resolve().parents[2]


def manage(folder, *arguments, database="", **settings):
    """Run a management command on an installation of its own, SQLite unless one is named."""
    environment = {
        **os.environ,
        "PIM_EMBEDDED": "1",
        "PIM_DATA_DIR": str(folder),
        "PIM_DATABASE_URL": database or f"sqlite:///{folder}/pim.sqlite3",
        "DJANGO_SETTINGS_MODULE": "pim.project.settings",
        **settings,
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


def test_an_archive_goes_from_folder_to_bucket_and_back(installation, s3, tmp_path):
    bucket = buckets.new_bucket(s3)
    where = {"PIM_FILES": f"s3://{bucket}/pim", "PIM_S3_ENDPOINT": s3}
    where |= {"PIM_S3_REGION": buckets.REGION, "PIM_S3_KEY": buckets.LOGIN["key"]}
    where |= {"PIM_S3_SECRET": buckets.LOGIN["secret"]}
    archives = [tmp_path / "folder.tar", tmp_path / "bucket.tar"]
    assert manage(installation, "backup", str(archives[0])).returncode == 0
    other, third = tmp_path / "two", tmp_path / "three"
    other.mkdir()
    third.mkdir()
    restored = manage(other, "restore", str(archives[0]), **where)
    assert (restored.returncode, restored.stderr) == (0, "")
    assert buckets.keys(s3, bucket) == ["pim/assets/ab/file"]
    assert not (other / "assets").exists()
    made = manage(other, "backup", str(archives[1]), **where)
    assert (made.returncode, made.stderr) == (0, "")
    assert manage(third, "restore", str(archives[1])).returncode == 0
    assert (third / "assets" / "ab" / "file").read_bytes() == b"picture"


def test_restore_refuses_a_filled_database(installation, tmp_path):
    archive = tmp_path / "backup.tar"
    manage(installation, "backup", str(archive))
    refused = manage(installation, "restore", str(archive))
    assert refused.returncode == 1
    assert "not empty" in refused.stderr
    assert manage(installation, "shell", "-v0", "-c", READ).stdout.strip() == "['A'] [(False, 7)]"


CHANGE = """
from django.utils import timezone
from pim.models import Product
from syndication.models import ChannelSequence
Product.objects.all().delete()
Product.objects.create(identifier="B", updated_at=timezone.now())
Product.objects.create(identifier="C", updated_at=timezone.now())
ChannelSequence.objects.update(value=99)
"""
INSERT = """
from django.utils import timezone
from pim.models import Product
print(Product.objects.create(identifier="D", updated_at=timezone.now()).pk)
"""


@pytest.fixture
def database(django_db_blocker):
    """The address of a PostgreSQL database of our own, empty and gone afterwards.

    Its name and its owner's password hold what addresses and shells would stumble over.
    """
    if connection.vendor != "postgresql":
        pytest.skip("needs PostgreSQL")
    import psycopg

    given, name = connection.settings_dict, f"backup {os.getpid()}"
    place = {"host": given["HOST"], "port": given["PORT"] or 5432}
    owner = {"user": given["USER"], "password": given["PASSWORD"], "dbname": "postgres"}
    with psycopg.connect(**place, **owner, autocommit=True) as server:
        server.execute(f'DROP DATABASE IF EXISTS "{name}"')
        server.execute(f'CREATE DATABASE "{name}"')
        login = given["USER"] + (f":{quote(given['PASSWORD'])}" if given["PASSWORD"] else "")
        yield f"postgres://{login}@{place['host']}:{place['port']}/{quote(name)}"
        server.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


@pytest.mark.postgres
def test_postgresql_is_backed_up_changed_and_restored_with_files_in_a_new_epoch(database, tmp_path):
    home, archive = tmp_path / "home", tmp_path / "backup.tar"
    (home / "assets" / "ab").mkdir(parents=True)
    (home / "assets" / "ab" / "file").write_bytes(b"picture")
    where = {"database": database}
    assert manage(home, "migrate", "-v0", **where).returncode == 0
    assert manage(home, "shell", "-v0", "-c", FILL, **where).returncode == 0
    made = manage(home, "backup", str(archive), **where)
    assert (made.returncode, made.stderr) == (0, "")

    assert manage(home, "shell", "-v0", "-c", CHANGE, **where).returncode == 0
    (home / "assets" / "ab" / "file").write_bytes(b"other")
    (home / "assets" / "later").write_bytes(b"later")
    refused = manage(home, "restore", str(archive), **where)
    assert (refused.returncode, "not empty" in refused.stderr) == (1, True)
    read = manage(home, "shell", "-v0", "-c", READ, **where).stdout.strip()
    assert read == "['B', 'C'] [(False, 99)]"

    restored = manage(home, "restore", str(archive), "--replace", **where)
    assert (restored.returncode, restored.stderr) == (0, "")
    read = manage(home, "shell", "-v0", "-c", READ, **where).stdout.strip()
    assert read == "['A'] [(True, 7)]"
    assert (home / "assets" / "ab" / "file").read_bytes() == b"picture"
    assert not (home / "assets" / "later").exists()
    # Keys go on after those of the backup; a damaged archive changes nothing.
    assert manage(home, "shell", "-v0", "-c", INSERT, **where).stdout.strip() == "2"
    with tarfile.open(archive) as tar:
        tar.extractall(tmp_path / "parts", filter="data")
    dump = tmp_path / "parts" / "database.postgresql"
    dump.write_bytes(dump.read_bytes()[: dump.stat().st_size // 2])
    with tarfile.open(tmp_path / "damaged.tar", "w") as tar:
        for part in (tmp_path / "parts").iterdir():
            tar.add(part, part.name)
    damaged = manage(home, "restore", str(tmp_path / "damaged.tar"), "--replace", **where)
    assert (damaged.returncode, "pg_restore failed" in damaged.stderr) == (1, True)
    read = manage(home, "shell", "-v0", "-c", READ, **where).stdout.strip()
    assert read == "['A', 'D'] [(True, 7)]"
