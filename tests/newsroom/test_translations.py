"""French and English are both complete; what is committed compiled is what the catalogue says."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from babel.messages.mofile import read_mo
from babel.messages.pofile import read_po

HERE = Path(__file__).resolve().parent.parent.parent
FRENCH = HERE / "newsroom" / "locale" / "fr" / "LC_MESSAGES"
Key = tuple[str, str | None]


def catalogue() -> Catalog:
    with (FRENCH / "django.po").open("rb") as file:
        return read_po(file)


def key(message) -> Key:
    singular = message.id[0] if isinstance(message.id, tuple | list) else message.id
    context = message.context.decode() if isinstance(message.context, bytes) else message.context
    return singular, context


def said(catalog: Catalog) -> dict[Key, tuple[str, ...]]:
    strings = {key(one): one.string for one in catalog if one.id}
    return {one: (text,) if isinstance(text, str) else tuple(text) for one, text in strings.items()}


def test_every_message_has_its_french():
    french = catalogue()
    texts = said(french)
    assert [one.id for one in french if one.id and (one.fuzzy or not all(texts[key(one)]))] == []


def test_none_is_singular_in_french():
    """« 0 commentaire »: the catalogue says how it counts."""
    assert catalogue().plural_expr == "(n > 1)"


def test_placeholders_are_the_same_in_both_languages():
    import re

    wrong = []
    for one in catalogue():
        ids = one.id if isinstance(one.id, tuple | list) else (one.id,)
        texts = one.string if isinstance(one.string, tuple | list) else (one.string,)
        wanted = set(re.findall(r"%\(\w+\)s", ids[-1]))
        wrong += [text for text in texts if one.id and text and set(re.findall(r"%\(\w+\)s", text)) - wanted]
    assert wrong == []


def test_what_is_compiled_is_what_the_catalogue_says():
    with (FRENCH / "django.mo").open("rb") as file:
        compiled = said(read_mo(file))
    assert compiled == said(catalogue())


def test_the_catalogue_holds_exactly_what_the_sources_say(tmp_path):
    if not shutil.which("xgettext"):
        if os.environ.get("CI") == "true":
            pytest.fail("gettext is missing: the sources cannot be compared with the catalogue")
        pytest.skip("gettext is not installed: the sources were not compared with the catalogue")
    for name in ("newsroom", "comments", "templates", "manage.py"):
        copy = shutil.copytree if (HERE / name).is_dir() else shutil.copy
        copy(HERE / name, tmp_path / name)
    before = said(catalogue()).keys()
    subprocess.run(
        [sys.executable, "manage.py", "makemessages", "--locale", "fr", "--no-location", "--no-obsolete"],
        cwd=tmp_path,
        env=os.environ
        | {"DEBUG": "1", "DATA_DIR": str(tmp_path / "var"), "DJANGO_SETTINGS_MODULE": "newsroom.settings"},
        check=True,
        capture_output=True,
    )
    with (tmp_path / "newsroom/locale/fr/LC_MESSAGES/django.po").open("rb") as file:
        collected = said(read_po(file)).keys()
    assert (sorted(map(str, collected - before)), sorted(map(str, before - collected))) == ([], [])
