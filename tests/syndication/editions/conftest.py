"""Fixtures of the edition tests: the kinds installed, a store of their own, small leases."""

import sys

import pytest

from syndication import registry
from syndication.actions.editions import lease
from syndication.supervise import supervisor
from tests.factories import shelf


@pytest.fixture(scope="session")
def _installed(tmp_path_factory):
    folder = tmp_path_factory.mktemp("site")
    shelf.install_kinds(folder)
    registry.targets.cache_clear()
    yield
    sys.path.remove(str(folder))
    registry.targets.cache_clear()
    supervisor.stop_all()


@pytest.fixture(autouse=True)
def store_root(_installed, settings, tmp_path):
    """Give every test an artefact store and a scratch folder of its own."""
    settings.ARTEFACT_ROOT = tmp_path / "artefacts"
    settings.SCRATCH_ROOT = tmp_path / "scratch"
    settings.EDITION_BACKOFF_SECONDS = 0.01
    lease.stopping.clear()
    yield settings.ARTEFACT_ROOT
    lease.stopping.clear()
