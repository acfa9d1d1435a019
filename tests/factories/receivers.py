"""Servers on loopback that take deliveries: one speaks SFTP, one takes files by PUT."""

import asyncio
import http.server
import threading
from contextlib import contextmanager
from pathlib import Path

import asyncssh

USER, PASSWORD = "shop", "only-for-tests"


class _Login(asyncssh.SSHServer):
    """Takes one password and one key, and notes what it was offered."""

    def __init__(self, place: "Sftp"):
        self.place = place

    def password_auth_supported(self):
        return True

    def validate_password(self, username, password):
        self.place.offered.append(password)
        return (username, password) == (USER, PASSWORD)

    def public_key_auth_supported(self):
        return True

    def validate_public_key(self, username, key):
        return username == USER and key == self.place.client_key.convert_to_public()


class _Files(asyncssh.SFTPServer):
    """A folder, which may be short of what an SFTP server should be able to do."""

    def __init__(self, channel, place: "Sftp"):
        self.place = place
        super().__init__(channel, chroot=str(place.folder).encode())

    def write(self, file_obj, offset, data):
        if self.place.full_after is not None and offset >= self.place.full_after:
            raise asyncssh.SFTPFailure("No space left on device")
        return super().write(file_obj, offset, data[: self.place.takes])

    def posix_rename(self, oldpath, newpath):
        if self.place.plain:
            raise asyncssh.SFTPOpUnsupported("no such extension")
        self.place.renamed.append((oldpath.decode(), newpath.decode()))
        return super().posix_rename(oldpath, newpath)


class Sftp:
    """A running SFTP server: its address, its key, its folder, and how it should fail."""

    def __init__(self, folder: Path):
        self.folder, self.port = folder, 0
        self.key = asyncssh.generate_private_key("ssh-ed25519")
        self.client_key = asyncssh.generate_private_key("ssh-ed25519")
        self.offered, self.renamed = [], []
        self.full_after, self.takes, self.plain = None, None, False

    @property
    def host_key(self) -> str:
        return f"127.0.0.1 {self.key.export_public_key().decode()}"

    def url(self, path="/there", user=USER) -> str:
        return f"sftp://{user}@127.0.0.1:{self.port}{path}"

    async def listen(self):
        server = await asyncssh.create_server(
            lambda: _Login(self),
            "127.0.0.1",
            0,
            server_host_keys=[self.key],
            sftp_factory=lambda channel: _Files(channel, self),
        )
        self.port = server.sockets[0].getsockname()[1]
        return server


async def _ended(server):
    server.close()
    await server.wait_closed()
    others = asyncio.all_tasks() - {asyncio.current_task()}
    for task in others:
        task.cancel()
    await asyncio.gather(*others, return_exceptions=True)


@contextmanager
def sftp(folder: Path):
    """Run an SFTP server on a folder for as long as the block lasts."""
    place, loop = Sftp(folder), asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever, daemon=True)
    thread.start()
    server = asyncio.run_coroutine_threadsafe(place.listen(), loop).result(10)
    try:
        yield place
    finally:
        asyncio.run_coroutine_threadsafe(_ended(server), loop).result(10)
        loop.call_soon_threadsafe(loop.stop)
        thread.join(10)
        loop.close()


class Taker(http.server.BaseHTTPRequestHandler):
    """Keeps what is PUT; `answers` are given in turn before that."""

    def do_PUT(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.asked.append((self.command, self.path, dict(self.headers)))
        status = self.server.answers.pop(0) if self.server.answers else 201
        if status < 300:
            self.server.files[self.path] = body[: self.server.takes]
        self._answer(status)

    def do_HEAD(self):
        self.server.asked.append((self.command, self.path, dict(self.headers)))
        found = self.server.files.get(self.path)
        self._answer(200 if found is not None else 404, size=len(found or b""))

    def do_DELETE(self):
        self.server.files.pop(self.path, None)
        self._answer(204)

    def _answer(self, status, *, size=0):
        self.send_response(status)
        self.send_header("Content-Length", str(size))
        if status == 302:
            self.send_header("Location", "http://169.254.169.254/")
        self.end_headers()

    def log_message(self, *args):
        pass


@contextmanager
def taker():
    """Run a server that takes files by PUT."""
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Taker)
    server.files, server.asked, server.answers, server.takes = {}, [], [], None
    server.url = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        server.server_close()
