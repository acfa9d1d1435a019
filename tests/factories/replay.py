"""Another system to move from: our own API recorded, and played back over a loopback server."""

import json
import threading
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import urlsplit

from django.apps import apps

from pim.importing.remote import Credentials

V1 = "/api/rest/v1"
HERE = "http://testserver"
CREDENTIALS = Credentials("id", "secret", "user", "password")
LISTS = (
    "locales", "currencies", "measurement-families", "attribute-groups", "reference-entities",
    "attributes", "categories?with_position=true", "channels", "families", "association-types",
)  # fmt: skip
PRODUCTS = ("product-models", "products-uuid", "products")


def record(shop, *, limit: int) -> dict[str, bytes]:
    """Return {path: body} of everything that a move of the connection's catalogue asks for."""
    tape: dict[str, bytes] = {}
    for name in LISTS:
        for item in _record_list(shop, tape, _paged(name, limit)):
            _keep_file(shop, tape, item, "image_download")
            for below in _below(name, item["code"]):
                _record_below(shop, tape, below, limit)
    _record_list(shop, tape, "measurement-families")
    for name in PRODUCTS:
        _record_list(shop, tape, f"{name}?limit=1&with_count=true")
        _keep(shop, tape, f"{name}?limit=1")
        documents = _record_list(shop, tape, f"{name}?pagination_type=search_after&limit={limit}")
        for document in documents:
            for entries in document["values"].values():
                for entry in entries:
                    _keep_file(shop, tape, entry)
    return tape


def _keep_file(shop, tape: dict, document: dict, name: str = "download") -> None:
    link = document.get("_links", {}).get(name)
    if link:
        _keep(shop, tape, link["href"].partition(f"{V1}/")[2])


def _record_below(shop, tape: dict, path: str, limit: int) -> None:
    if not path.endswith("/attributes"):
        for item in _record_list(shop, tape, _paged(path, limit)):
            for entries in item.get("values", {}).values():
                for entry in entries:
                    _keep_file(shop, tape, entry)
        return
    for attribute in _record_list(shop, tape, path):
        if "option" in attribute["type"]:
            _record_list(shop, tape, f"{path}/{attribute['code']}/options")


def _paged(name: str, limit: int) -> str:
    path, _question, query = name.partition("?")
    return f"{path}?limit={limit}{'&' if query else ''}{query}"


def _below(name: str, code: str) -> list[str]:
    return {
        "attributes": [f"attributes/{code}/options"],
        "families": [f"families/{code}/variants"],
        "reference-entities": [
            f"reference-entities/{code}/attributes",
            f"reference-entities/{code}/records",
        ],
    }.get(name, [])


def _record_list(shop, tape: dict, path: str) -> list[dict]:
    found = []
    while path:
        answer = _keep(shop, tape, path)
        document = json.loads(answer) if answer else []
        if isinstance(document, list):
            return document
        found += document["_embedded"]["items"]
        following = document["_links"].get("next", {}).get("href", "")
        path = following.partition(f"{V1}/")[2] if "with_count=true" not in path else ""
    return found


def _keep(shop, tape: dict, path: str) -> bytes:
    response = shop.http.get(f"{V1}/{path}")
    if response.status_code != 200:
        return b""
    body = response.getvalue() if response.streaming else response.content
    tape[f"{V1}/{path}"] = body
    return body


def wipe() -> None:
    """Empty the tables of the catalogue; users stay."""
    for label in ("syndication", "pim"):
        for model in apps.get_app_config(label).get_models(include_auto_created=True):
            model._base_manager.all()._raw_delete("default")


class _Player(BaseHTTPRequestHandler):
    def do_POST(self):
        self.rfile.read(int(self.headers["Content-Length"]))
        self.server.granted += 1
        token = f"token-{self.server.granted}"
        self._say(200, json.dumps({"access_token": token, "refresh_token": "r"}).encode())

    def do_GET(self):
        self.server.asked.append(self.path)
        if self.server.before and (told := self.server.before(self)):
            self._say(*told)
            return
        body = self.server.tape.get(self.path)
        if body is None:
            self._say(404, b'{"code": 404, "message": "Not there."}')
        else:
            self._say(200, body.replace(HERE.encode(), self.server.url.encode()))

    def _say(self, status: int, body: bytes, headers=()):
        self.send_response(status)
        for name, value in headers:
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *args):
        pass


@contextmanager
def playing(tape: dict[str, bytes], settings):
    """Play a tape back; gives the server with its `url`, what was `asked`, and `before`.

    `before(request)` may answer (status, body, headers) instead of the tape.
    """
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Player)
    server.tape, server.asked, server.before, server.granted = tape, [], None, 0
    host = f"127.0.0.1:{server.server_port}"
    server.url = f"http://{host}"
    settings.OUTBOUND_HOSTS = [host]
    threading.Thread(target=server.serve_forever, args=[0.02], daemon=True).start()
    try:
        yield server
    finally:
        server.shutdown()
        server.server_close()


def path_of(request) -> str:
    """Return the path of a request without its query."""
    return urlsplit(request.path).path
