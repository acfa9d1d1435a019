"""Golden files: what an output looked like when somebody last looked; PIM_GOLDEN=write renews."""

import os
from pathlib import Path

FOLDER = Path(__file__).resolve().parent.parent / "golden"


def assert_golden(name: str, payload: bytes) -> None:
    """Compare with tests/golden/`name`; write it instead when asked to by the environment."""
    path = FOLDER / name
    if os.environ.get("PIM_GOLDEN") == "write":
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(payload)
    assert path.read_bytes() == payload
