"""A backup is made, put back, and refused where it is not what it says. On the database that the suite runs on."""

from __future__ import annotations

import errno
import json
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from comments.models import Comment, Decision, Discussion, Reader
from newsroom.backups import media
from newsroom.models import Article, User
from tests.integrity import assert_whole

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.xdist_group("races")]
DATABASE = {"sqlite": "database.sqlite3", "postgresql": "database.dump"}[connection.vendor]
TOLD = (Comment, Decision, Reader, Article, User)


def everything() -> list[list[dict[str, object]]]:
    return [list(model._base_manager.order_by("pk").values()) for model in TOLD]


@pytest.fixture
def picture(settings) -> Path:
    file = Path(settings.MEDIA_ROOT) / "articles" / "pont.webp"
    file.parent.mkdir(parents=True)
    file.write_bytes(b"a picture")
    return file


@pytest.fixture
def kept(publish, write, picture, tmp_path) -> Path:
    """A thread, a comment that waits, a picture: all of it in a backup."""
    top = publish("haut")
    publish("réponse", parent=top)
    write("attend")
    call_command("backup", str(tmp_path / "kept"))
    return tmp_path / "kept"


def spoil(file: Path) -> None:
    """One bit in the middle of it."""
    read = bytearray(file.read_bytes())
    read[len(read) // 2] ^= 1
    file.write_bytes(read)


def retell(kept: Path, **said: object) -> None:
    """A manifest that says something else."""
    told = json.loads((kept / "manifest.json").read_text())
    (kept / "manifest.json").write_text(json.dumps(told | said))


def test_what_was_lost_is_put_back(kept, picture, write, publish, capsys):
    before, version = everything(), Discussion.objects.get().version
    publish("de trop")
    Discussion.objects.update(visible_count=9)
    picture.unlink()
    call_command("restore", str(kept), "--replace")
    assert everything() == before
    assert picture.read_bytes() == b"a picture"
    assert_whole()
    assert "whole" in capsys.readouterr().out
    assert Discussion.objects.get().version > version + 1, "no page kept since is taken for a new one"
    publish("et après")
    assert_whole()


def test_a_backup_tells_what_it_holds(capsys, kept):
    assert "3 comments, 2 decisions, 1 pictures" in capsys.readouterr().out
    told = json.loads((kept / "manifest.json").read_text())
    assert set(told["files"]) == {DATABASE, "media/articles/pont.webp"}
    assert told["rows"]["comments_comment"] == 3
    assert told["release"]
    assert kept.stat().st_mode & 0o077 == 0, "readers' e-mails are nobody else's"


def test_an_empty_database_takes_a_backup_without_a_word(kept):
    before = everything()
    call_command("flush", interactive=False, verbosity=0)
    call_command("restore", str(kept))
    assert everything() == before


def test_a_database_with_something_in_it_is_not_replaced_unasked(kept, publish):
    publish("depuis")
    before = everything()
    with pytest.raises(CommandError, match=r"not empty.*--replace"):
        call_command("restore", str(kept))
    assert everything() == before


@pytest.mark.parametrize(
    ("damage", "named"),
    [
        (lambda kept: spoil(kept / DATABASE), DATABASE),
        (lambda kept: (kept / DATABASE).unlink(), DATABASE),
        (lambda kept: spoil(kept / "media/articles/pont.webp"), "media/articles/pont.webp"),
        (lambda kept: (kept / "manifest.json").write_text("{"), "manifest.json"),
        (lambda kept: (kept / "manifest.json").unlink(), "manifest.json"),
        (lambda kept: retell(kept, rows={'x"; DROP TABLE comments_comment; --': 1}), "manifest.json"),
        (lambda kept: retell(kept, format=2), "format 2"),
        (lambda kept: retell(kept, migrations=["comments.9999_to_come"]), "9999_to_come"),
        (lambda kept: retell(kept, engine="oracle"), "oracle"),
        # Every file is what it was, but the database in it is not: found on the way in, and taken back.
        (lambda kept: retell(kept, rows={"comments_comment": 4}), "comments_comment"),
        (lambda kept: retell(kept, rows={"comments_nothing": 0}), "old one stands"),
    ],
)
def test_what_is_not_as_it_was_made_is_refused_by_name_and_the_old_database_stands(kept, publish, damage, named):
    publish("depuis")
    before = everything()
    damage(kept)
    with pytest.raises(CommandError, match=named):
        call_command("restore", str(kept), "--replace")
    connection.close()
    assert everything() == before
    assert_whole()


def test_a_backup_never_writes_over_another(kept):
    before = (kept / "manifest.json").read_bytes()
    with pytest.raises(CommandError, match="there already"):
        call_command("backup", str(kept))
    assert (kept / "manifest.json").read_bytes() == before


def test_a_disk_without_room_leaves_no_half_backup(pending, tmp_path, monkeypatch):
    def full(*_args: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(media, "copy", full)
    with pytest.raises(CommandError, match="No space left"):
        call_command("backup", str(tmp_path / "kept"))
    assert list(tmp_path.glob("*kept*")) == []


def test_pictures_may_be_left_out(pending, picture, tmp_path):
    call_command("backup", str(tmp_path / "kept"), "--no-media")
    assert not (tmp_path / "kept" / "media").exists()


@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite needs no tools")
@pytest.mark.parametrize(
    ("version", "said"), [(None, "pg_dump is not installed"), ("9.6", "of version 9, the server of")]
)
def test_tools_that_are_missing_or_old_are_named(pending, tmp_path, monkeypatch, version, said):
    tool = tmp_path / "pg_dump"
    tool.write_text(f"#!/bin/sh\necho 'pg_dump (PostgreSQL) {version}'\n")
    tool.chmod(0o755)
    monkeypatch.setattr("newsroom.backups.postgresql.shutil.which", lambda _name: version and str(tool))
    with pytest.raises(CommandError, match=said):
        call_command("backup", str(tmp_path / "kept"))
    assert not (tmp_path / "kept").exists()
