"""Shelves to be tested: a folder, and a bucket on a server that speaks S3."""

import pytest

from pim import files
from tests.factories import buckets


@pytest.fixture(params=["folder", "bucket"])
def shelf(request, settings, tmp_path):
    """The artefacts' shelf of an installation of its own."""
    if request.param == "bucket":
        buckets.move_in(settings, request.getfixturevalue("s3"), tmp_path)
    else:
        settings.ARTEFACT_ROOT = tmp_path / "artefacts"
    return files.artefacts()


@pytest.fixture
def bucket(s3, settings, tmp_path):
    """(endpoint, bucket) of an installation whose files are in a bucket."""
    return s3, buckets.move_in(settings, s3, tmp_path)
