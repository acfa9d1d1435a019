"""SFTP against a real server: known keys only, whole files only, nothing left behind."""

from contextlib import contextmanager

import asyncssh
import pytest

from syndication.transport import Place, Undeliverable, send, sftp, try_out
from tests.factories import receivers

DATA = b"0123456789abcdef" * 10_000
LOGIN = {"user": receivers.USER, "password": receivers.PASSWORD, "host": "127.0.0.1"}


@pytest.fixture
def server(tmp_path, settings):
    (tmp_path / "server").mkdir()
    with receivers.sftp(tmp_path / "server") as running:
        settings.OUTBOUND_HOSTS = [f"127.0.0.1:{running.port}"]
        yield running


@pytest.fixture
def files(tmp_path):
    path = tmp_path / "artefact"
    path.write_bytes(DATA)
    return [("list.txt", path), ("more/deep/list.txt", path)]


def place_of(server, **changed) -> Place:
    given = {"url": server.url(), "host_key": server.host_key, "secret": LOGIN}
    return Place(**(given | changed))


def found(server) -> dict[str, bytes]:
    paths = [path for path in server.folder.rglob("*") if path.is_file()]
    return {str(path.relative_to(server.folder)): path.read_bytes() for path in paths}


def test_files_arrive_whole_in_folders_made_for_them(server, files):
    send(place_of(server), files)
    assert found(server) == {"there/list.txt": DATA, "there/more/deep/list.txt": DATA}
    assert [new for _old, new in server.renamed] == ["/there/list.txt", "/there/more/deep/list.txt"]
    assert all("/.arriving-" in old for old, _new in server.renamed)


def test_a_file_there_is_replaced_in_one_step(server, files):
    send(place_of(server), files[:1])
    files[0][1].write_bytes(b"news")
    send(place_of(server), files[:1])
    assert found(server) == {"there/list.txt": b"news"}


def test_a_server_that_only_knows_plain_rename_is_served_too(server, files):
    server.plain = True
    for data in (DATA, b"news"):
        files[0][1].write_bytes(data)
        send(place_of(server), files[:1])
        assert found(server) == {"there/list.txt": data}


def test_a_key_opens_as_well_as_a_password(server, files, tmp_path):
    key = server.client_key.export_private_key("openssh").decode()
    one_line = key.replace("\n", "\\n")
    kept = tmp_path / "id_ed25519"
    kept.write_text(key)
    for text in (key, one_line, str(kept)):
        secret = {"user": receivers.USER, "key": text}
        send(place_of(server, secret=secret), files[:1])
    assert (found(server), server.offered) == ({"there/list.txt": DATA}, [])


def test_a_server_with_another_key_hears_no_password(server, files):
    other = asyncssh.generate_private_key("ssh-ed25519").export_public_key().decode()
    with pytest.raises(Undeliverable, match="another key"):
        send(place_of(server, host_key=other), files)
    assert (found(server), server.offered) == ({}, [])


def test_a_server_whose_kind_of_key_is_another_is_not_asked(server, files):
    other = asyncssh.generate_private_key("ssh-rsa").export_public_key().decode()
    with pytest.raises((Undeliverable, ConnectionError)):
        send(place_of(server, host_key=other), files)
    assert (found(server), server.offered) == ({}, [])


@pytest.mark.parametrize("key", ["", "anything", "ssh-ed25519", "ssh-ed25519 !!!"])
def test_without_a_known_key_nobody_is_asked(key, server, files):
    with pytest.raises(Undeliverable, match="ssh-keyscan"):
        send(place_of(server, host_key=key), files)
    assert server.offered == []


def test_a_wrong_password_is_for_good(server, files):
    with pytest.raises(Undeliverable, match="let us in"):
        send(place_of(server, secret=LOGIN | {"password": "wrong"}), files)
    assert found(server) == {}


@pytest.mark.parametrize(
    ("secret", "said"),
    [({}, "neither a key nor a password"), ({"key": "/nowhere"}, "cannot be read"),
     ({"key": "-----BEGIN PRIVATE KEY-----\nx"}, "no kind")],
)  # fmt: skip
def test_a_login_that_cannot_be_is_for_good(secret, said, server, files):
    with pytest.raises(Undeliverable, match=said):
        send(place_of(server, secret=secret), files)
    assert (found(server), server.offered) == ({}, [])


def test_a_full_disk_shows_no_half_file_and_may_pass(server, files):
    send(place_of(server), files[:1])
    files[0][1].write_bytes(DATA + b"more")
    server.full_after = 65_536
    with pytest.raises(OSError, match=f"65536 of {len(DATA) + 4} bytes"):
        send(place_of(server), files[:1])
    assert found(server) == {"there/list.txt": DATA}


def test_bytes_that_get_lost_are_noticed(server, files):
    server.takes = 1000
    with pytest.raises(OSError, match="arrived"):
        send(place_of(server), files[:1])
    assert found(server) == {}


def test_a_private_host_that_is_not_listed_is_not_asked(server, files, settings):
    settings.OUTBOUND_HOSTS = []
    with pytest.raises(Undeliverable, match="not a public host"):
        send(place_of(server), files)
    assert (found(server), server.offered) == ({}, [])


def test_a_server_that_is_away_may_come_back(files, settings):
    settings.OUTBOUND_HOSTS = ["127.0.0.1:9"]
    key = asyncssh.generate_private_key("ssh-ed25519").export_public_key().decode()
    with pytest.raises(OSError, match=r"refused|timed out"):
        send(Place("sftp://shop@127.0.0.1:9/x", key, LOGIN), files)


@pytest.mark.parametrize("name", ["../up", "/etc/passwd", "a/../../b", "a//b", "", "a\nb", "a\\b"])
def test_a_name_never_leads_elsewhere(name, server, files):
    with pytest.raises(Undeliverable, match="no name"):
        send(place_of(server), [(name, files[0][1])])
    assert found(server) == {}


def test_the_login_folder_is_meant_by_a_tilde(server, files):
    send(place_of(server, url=server.url("/~/mine")), files[:1])
    assert found(server) == {"mine/list.txt": DATA}


def test_a_test_leaves_nothing(server, files):
    try_out(place_of(server), "delivery-test.txt", files[0][1])
    assert found(server) == {}
    assert [new for _old, new in server.renamed] == ["/there/delivery-test.txt"]


def test_a_session_is_closed_however_it_ends(server, files, monkeypatch):
    import paramiko

    closed = []
    before = paramiko.Transport.close
    monkeypatch.setattr(paramiko.Transport, "close", lambda t: closed.append(1) or before(t))

    @contextmanager
    def given(place):
        with sftp._session(place) as session:
            yield session

    with pytest.raises(RuntimeError), given(place_of(server)):
        raise RuntimeError
    assert closed
