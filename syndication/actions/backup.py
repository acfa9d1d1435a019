"""Backups: one archive of the database and the files, and the way back.

SQLite is copied by its online backup API, PostgreSQL by pg_dump: a running system is safe to
back up. After a restore every channel starts a new epoch, so that readers of deltas begin again
instead of missing what was undone.
"""

import json
import os
import shutil
import sqlite3
import subprocess
import tarfile
import tempfile
from contextlib import suppress
from datetime import datetime
from pathlib import Path

from django.conf import settings
from django.db import connection, connections
from django.utils import timezone
from django.utils.translation import gettext_noop as _

from pim import files
from pim.published import Refused

from .listings_sequence import begin_epoch

FORMAT = 1
CHUNK = 1 << 20
FOLDERS = {"assets": "ASSET_ROOT", "artefacts": "ARTEFACT_ROOT", "media": "MEDIA_ROOT"}


class BackupRefused(Refused):
    """The backup cannot be made or restored as asked."""

    code = "backup_refused"


def backup(path: Path, *, at: datetime) -> Path:
    """Write the archive to `path` (complete or not at all) and return it."""
    partial = path.with_name(f".{path.name}.partial")
    with tempfile.TemporaryDirectory(dir=path.parent) as scratch, tarfile.open(partial, "w") as tar:
        dump = Path(scratch) / f"database.{connection.vendor}"
        _dump_database(dump)
        manifest = Path(scratch) / "manifest.json"
        described = {"format": FORMAT, "vendor": connection.vendor, "made_at": at.isoformat()}
        manifest.write_text(json.dumps(described))
        tar.add(manifest, "manifest.json")
        tar.add(dump, dump.name)
        for name, setting in FOLDERS.items():
            _add_files(tar, name, Path(getattr(settings, setting)))
    partial.replace(path)
    return path


def restore(path: Path, *, replace: bool = False) -> None:
    """Put the archive's database and files in place; a filled database needs `replace`.

    Every channel's epoch has risen afterwards.
    """
    if not replace and _is_filled():
        raise BackupRefused(_("The database is not empty: say --replace to overwrite it."))
    with tempfile.TemporaryDirectory() as scratch, tarfile.open(path) as tar:
        tar.extractall(scratch, filter="data")
        manifest = json.loads((Path(scratch) / "manifest.json").read_text())
        _check(manifest)
        _load_database(Path(scratch) / f"database.{connection.vendor}")
        for name, setting in FOLDERS.items():
            if files.in_bucket():
                _send_back(Path(scratch) / name, name)
            else:
                _put_back(Path(scratch) / name, Path(getattr(settings, setting)))
    begin_epoch(at=timezone.now())


def _is_filled() -> bool:
    tables = connection.introspection.table_names()
    if "pim_product" not in tables:
        return False
    with connection.cursor() as cursor:
        cursor.execute("SELECT COUNT(*) FROM (SELECT 1 FROM pim_product LIMIT 1) AS one")
        return bool(cursor.fetchone()[0])


def _check(manifest: dict) -> None:
    if manifest.get("format") != FORMAT:
        raise BackupRefused(_("This backup has a format that this version does not read."))
    if manifest["vendor"] != connection.vendor:
        raise BackupRefused(
            _("The backup is of %(theirs)s, the database is %(ours)s."),
            theirs=manifest["vendor"],
            ours=connection.vendor,
        )


def _dump_database(target: Path) -> None:
    if connection.vendor == "sqlite":
        connection.ensure_connection()
        with sqlite3.connect(target) as copy:
            connection.connection.backup(copy)
        copy.close()
        return
    _run(["pg_dump", "--format=custom", "--no-owner", f"--file={target}"])


def _load_database(source: Path) -> None:
    if connection.vendor == "sqlite":
        connection.ensure_connection()
        with sqlite3.connect(source) as copy:
            copy.backup(connection.connection)
        copy.close()
        return
    connections.close_all()
    name = connection.settings_dict["NAME"]
    # One transaction: what cannot be restored whole leaves everything as it was.
    how = ["--clean", "--if-exists", "--no-owner", "--single-transaction"]
    _run(["pg_restore", *how, f"--dbname={name}", str(source)])


def _login() -> dict[str, str]:
    """Return how PostgreSQL's tools find the database: never on a command line, where all read."""
    given = connection.settings_dict
    options = given.get("OPTIONS") or {}
    names = {"PGHOST": "HOST", "PGPORT": "PORT", "PGUSER": "USER", "PGPASSWORD": "PASSWORD"}
    login = {tool: str(given[name]) for tool, name in names.items() if given.get(name)}
    for name in ("sslmode", "sslrootcert", "sslcert", "sslkey"):
        if options.get(name):
            login[f"PG{name.upper()}"] = str(options[name])
    return login | {"PGDATABASE": given["NAME"]}


def _run(command: list[str]) -> None:
    environment = os.environ | _login()
    try:
        done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    except FileNotFoundError as missing:
        raise BackupRefused(
            _("%(tool)s is not installed: it comes with the client of PostgreSQL."),
            tool=command[0],
        ) from missing
    if done.returncode:
        raise BackupRefused(_("%(tool)s failed: %(why)s"), tool=command[0], why=done.stderr[-500:])


def _add_files(tar: tarfile.TarFile, name: str, folder: Path) -> None:
    """Add a folder, or what the bucket holds of its name; an archive fits both kinds of places."""
    if not files.in_bucket():
        if folder.exists():
            tar.add(folder, name)
        return
    shelf = files.shelf(name)
    for found in shelf.listed():
        member = tarfile.TarInfo(f"{name}/{found.name}")
        member.size, member.mtime, member.mode = found.size, int(found.modified), 0o640
        # What was collected since it was listed, nobody needs.
        with suppress(FileNotFoundError), shelf.open(found.name) as stream:
            tar.addfile(member, stream)


def _send_back(source: Path, name: str) -> None:
    """Have everything of the archive in the bucket; what else is there stays."""
    shelf = files.shelf(name)
    for path in sorted(found for found in source.rglob("*") if found.is_file()):
        with path.open("rb") as stream:
            shelf.write(str(path.relative_to(source)), iter(lambda s=stream: s.read(CHUNK), b""))


def _put_back(source: Path, target: Path) -> None:
    if not source.exists():
        return
    aside = target.with_name(target.name + ".before-restore")
    shutil.rmtree(aside, ignore_errors=True)
    if target.exists():
        target.rename(aside)
    target.parent.mkdir(parents=True, exist_ok=True)
    shutil.move(source, target)
    shutil.rmtree(aside, ignore_errors=True)
