"""Fixtures that every test may use."""

import pytest


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
