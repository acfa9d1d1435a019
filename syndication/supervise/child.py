"""What a child does: one render or one assembly, from files to files, then it is gone."""

import gc
import hashlib
import hmac
import json
import os
import signal
import sys
import time
import traceback
from base64 import b32encode
from importlib import import_module
from pathlib import Path

import orjson

from syndication.contract import EditionPlan, OutputKind
from syndication.rendering.images import FileAssets, PictureError
from syndication.rendering.memo import FolderMemo

from . import wire
from .limits import confine
from .render import Renderer
from .sink import ScratchSink

FAILED, OUT_OF_MEMORY = 1, 3
WAIT = 0.005


def outcome(status: int, *, late: bool) -> str:
    """Return how a child ended, by its exit code: "" when all went well."""
    if status == 0:
        return ""
    if late or status == -signal.SIGXCPU:
        return "timeout"
    return {OUT_OF_MEMORY: "oom", FAILED: "error"}.get(status, "render_crash")


def run(spec_path: str, *, parent: int):
    """Do the job that the spec names and leave the process; the exit code says how it went."""
    code = FAILED
    try:
        spec = json.loads(Path(spec_path).read_bytes())
        _settle(spec, parent=parent)
        JOBS[spec["job"]](spec)
        code = 0
    except MemoryError:
        code = OUT_OF_MEMORY
    except BaseException:
        traceback.print_exc()
    finally:
        sys.stderr.flush()
        os._exit(code)


def _settle(spec: dict, *, parent: int):
    folder = Path(spec["folder"])
    spec["events"] = os.dup(1)
    log = os.open(folder / "log", os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    null = os.open(os.devnull, os.O_RDONLY)
    os.dup2(null, 0)
    os.dup2(log, 1)
    os.dup2(log, 2)
    os.chdir(folder)
    os.environ["TMPDIR"] = str(folder)
    gc.set_threshold(50_000, 20, 20)
    confine(memory_mb=spec["memory_mb"], seconds=spec["seconds"], parent=parent)


def load_kind(target: str) -> OutputKind:
    module, _, name = target.partition(":")
    return getattr(import_module(module), name)()


def _context(spec: dict):
    document = json.loads(Path(spec["context"]).read_bytes())
    root = Path(document["asset_root"])
    asks = document.get("assets_asked", False)
    assets = FileAssets(root, bring=Asking(spec, root) if asks else None)
    memo = FolderMemo(Path(document["memo_root"]))
    return wire.read_context(document, assets=assets, scratch=Path(spec["folder"]), memo=memo)


class Asking:
    """Asks the worker for an ingested file, and waits until it lies in the cache."""

    def __init__(self, spec: dict, root: Path):
        self.spec, self.root = spec, root

    def __call__(self, sha256: str):
        wish = {"id": self.spec["id"], "wants": sha256}
        os.write(self.spec["events"], json.dumps(wish).encode() + b"\n")
        missing = Path(self.spec["folder"]) / f"missing-{sha256}"
        while not (self.root / sha256[:2] / sha256[2:4] / sha256).exists():
            if missing.exists():
                raise PictureError("The file is not in the store.")
            time.sleep(WAIT)


def render(spec: dict):
    """Make the fragments of a part."""
    renderer = Renderer(load_kind(spec["target"]), _context(spec))
    with (
        open(spec["input"], "rb") as units,
        open(spec["output"], "wb", buffering=1 << 18) as results,
    ):
        for result in renderer.results(wire.read_units(units)):
            wire.write_result(results, result)


class Touchpoints:
    """Gives the URL to be coded for a place in this edition, and remembers whom it was given."""

    def __init__(self, *, key: str, output: str, number: int, public_url: str):
        self.key, self.prefix = key.encode(), f"{output}\0{number}"
        self.base = f"{public_url}/q/"
        self.given: dict[str, list[str]] = {}

    def __call__(self, identifier: str, place: str = "") -> str:
        text = f"{self.prefix}\0{identifier}\0{place}".encode()
        digest = hmac.digest(self.key, text, hashlib.sha256)[:16]
        code = b32encode(digest).decode().rstrip("=").lower()
        self.given[code] = [identifier, place]
        return self.base + code


def assemble(spec: dict):
    """Put the fragments together into files, check them, and say what they are."""
    kind, context = load_kind(spec["target"]), _context(spec)
    touchpoints = Touchpoints(
        key=spec["touchpoint_key"],
        output=context.output,
        number=spec["plan"]["number"],
        public_url=context.public_url,
    )
    plan = EditionPlan(**spec["plan"], touchpoint=touchpoints)
    sink = ScratchSink(Path(spec["files"]))
    pieces = wire.StoredPieces(spec["segments"])
    refusals = list(kind.assemble(plan, pieces, context, sink) or ())
    context.memo.prune()
    for name in sink.files:
        kind.verify(sink.path(name), name, plan)
    document = {
        "files": sink.files,
        "refusals": [wire.refusal_row(refusal) for refusal in refusals],
        "touchpoints": touchpoints.given,
        "pages": [tuple(note) for note in plan.pages],
    }
    Path(spec["output"]).write_bytes(orjson.dumps(document, option=orjson.OPT_NON_STR_KEYS))


def preview(spec: dict):
    """Draw the pages that somebody looks at; nothing else comes of it."""
    from .preview import Look, Preview

    kind, context = load_kind(spec["target"]), _context(spec)
    with open(spec["input"], "rb") as stream:
        units = [unit for unit, _ in wire.read_units(stream)]
    drawn = Preview(
        kind, context, look=Look(**spec["look"]), folder=Path(spec["folder"]), whole=spec["whole"]
    )
    document = drawn.draw(units, plan=spec["plan"], width=spec["width"])
    Path(spec["output"]).write_text(json.dumps(document))


def pages(spec: dict):
    """Draw pages of a finished file."""
    from . import drawing

    drawing.pages(spec)


def marked(spec: dict):
    """Mark what changed on the pages of a finished file."""
    from . import drawing

    drawing.marked(spec)


JOBS = {
    "render": render,
    "assemble": assemble,
    "preview": preview,
    "pages": pages,
    "marked": marked,
}
