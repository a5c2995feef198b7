import json
import stat

import pytest

from ohmstead.run.data_folder import CannotStart, DataFolder


@pytest.fixture
def folder(tmp_path):
    found = DataFolder(tmp_path / "data")
    found.prepare()
    return found


def database(folder, version):
    (folder.postgres / "global").mkdir(parents=True)
    (folder.postgres / "PG_VERSION").write_text(version)
    (folder.postgres / "global" / "pg_control").write_bytes(b"x")


def test_a_prepared_folder_can_be_prepared_again(folder):
    folder.prepare()


@pytest.mark.parametrize(
    ("break_it", "sentence"),
    [
        pytest.param(lambda f: f.marker.write_text("{"), "ohmstead.json is damaged", id="marker damaged"),
        pytest.param(
            lambda f: f.marker.write_text(json.dumps({"layout": 99})), "written by another release", id="newer layout"
        ),
        pytest.param(lambda f: f.marker.unlink(), "no data folder of Ohmstead", id="somebody else's folder"),
        pytest.param(lambda f: database(f, "15"), "written by PostgreSQL 15", id="older PostgreSQL"),
        pytest.param(lambda f: database(f, "\0\0"), "is damaged", id="version unreadable"),
        pytest.param(lambda f: (f.postgres / "base").mkdir(parents=True), "is damaged", id="half a database"),
    ],
)
def test_a_broken_folder_gets_one_sentence(folder, break_it, sentence):
    break_it(folder)
    with pytest.raises(CannotStart, match=sentence) as told:
        folder.prepare()
    assert "\n" not in str(told.value)


def test_a_file_is_no_folder(tmp_path):
    (tmp_path / "data").write_text("hello")
    with pytest.raises(CannotStart, match="is a file"):
        DataFolder(tmp_path / "data").prepare()


def test_a_second_instance_is_told_who_holds_the_folder(folder):
    folder.write_running({"supervisor": {"pid": 4242}})
    with folder.held():
        second = folder.held()
        with pytest.raises(CannotStart, match=r"already runs .*process 4242"):
            second.__enter__()
    with folder.held():
        assert folder.marker.exists()


def test_the_secret_is_made_once_and_is_private(folder):
    secret = folder.secret_key()
    assert len(secret) >= 43
    assert folder.secret_key() == secret
    assert stat.S_IMODE((folder.path / "secret-key").stat().st_mode) == 0o600


def test_wiping_leaves_an_empty_folder_of_ours(folder, tmp_path):
    kept = tmp_path / "elsewhere"
    kept.mkdir()
    (kept / "photo").write_text("mine")
    (folder.path / "link").symlink_to(kept)
    database(folder, "18")
    folder.wipe()
    assert sorted(path.name for path in folder.path.iterdir()) == ["lock", "ohmstead.json"]
    assert (kept / "photo").exists()
    folder.prepare()
