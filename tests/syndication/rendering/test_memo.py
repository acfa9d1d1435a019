"""The memo makes a part once per key."""

from syndication.rendering.memo import FolderMemo


def test_part_is_made_once_per_key(tmp_path):
    memo, made = FolderMemo(tmp_path), []

    def make():
        made.append(1)
        return b"part"

    assert [memo("a", make), memo("a", make), memo("b", make)] == [b"part"] * 3
    assert len(made) == 2


def test_memo_says_what_it_knows(tmp_path):
    memo = FolderMemo(tmp_path)
    memo("a", lambda: b"part")
    assert [memo.knows("a"), memo.knows("b")] == [True, False]


def test_damaged_part_is_made_again(tmp_path):
    memo = FolderMemo(tmp_path)
    memo("a", lambda: b"whole")
    (path,) = tmp_path.glob("??/*")
    path.write_bytes(path.read_bytes()[:-1])
    assert memo("a", lambda: b"whole again") == b"whole again"


def test_prune_drops_what_is_over_the_limit(tmp_path):
    memo = FolderMemo(tmp_path, limit=50)
    memo("a", lambda: b"x" * 8)
    memo("b", lambda: b"x" * 8)
    assert memo.prune() == 1
    assert sum(p.stat().st_size for p in tmp_path.glob("??/*")) == 40
