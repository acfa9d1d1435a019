"""Fixtures that every test may use."""

import gc
from pathlib import Path

import pytest

HERE = Path(__file__).parent
# Floors that know no database (the import contracts say so).
PURE = ("guards", "pim/content", "syndication/outputs", "syndication/rendering")


def pytest_addoption(parser):
    parser.addoption(
        "--second-database",
        action="store_true",
        help="leave out the tests that no database can change: they ran with the first",
    )


def pytest_configure(config):
    """Compile the sentences that have changed since: tests read them in other languages."""
    # Thousands of small objects live for one test: looking for circles that often costs a tenth.
    gc.set_threshold(200_000, 20, 50)
    if hasattr(config, "workerinput"):  # the process that started this one has done it
        return
    from deploy.messages import compile_stale

    compile_stale()


def pytest_collection_modifyitems(config, items):
    if not config.getoption("--second-database"):
        return
    left_out = [item for item in items if _pure(item)]
    config.hook.pytest_deselected(items=left_out)
    items[:] = [item for item in items if not _pure(item)]


def _pure(item) -> bool:
    if item.get_closest_marker("one_database"):
        return True
    inside = any(item.path.is_relative_to(HERE / folder) for folder in PURE)
    return inside and not item.get_closest_marker("django_db")


@pytest.fixture(autouse=True)
def _fresh_structure():
    """Forget the structure kept in the process: databases of tests roll back."""
    from pim.queries.structure import forget_structure

    forget_structure()
    yield
    forget_structure()


@pytest.fixture(scope="session")
def s3():
    """The address of a server on loopback that speaks S3."""
    from tests.factories import buckets

    with buckets.running() as endpoint:
        yield endpoint
