"""What `collectstatic` makes for production."""

from __future__ import annotations

import re

from django.core.management import call_command


def test_script_modules_import_each_other_by_their_hashed_names(settings, tmp_path):
    settings.STATIC_ROOT = tmp_path
    settings.STORAGES = settings.STORAGES | {"staticfiles": {"BACKEND": "newsroom.static_files.HashedFiles"}}
    call_command("collectstatic", interactive=False, verbosity=0)
    (desk,) = (path for path in (tmp_path / "js").glob("desk.*.js") if path.name.count(".") == 2)
    imported = re.findall(r'from\s+"\./([^"]+)"', desk.read_text())
    assert imported
    for name in imported:
        assert re.search(r"\.[0-9a-f]{12}\.js$", name), name
        assert (desk.parent / name).exists()
