"""How one likes the desk: its layout, its keys."""

from __future__ import annotations

import json

from django.urls import reverse

from comments.models import DeskSettings
from comments.templatetags.desk_keys import ACTS, KEYMAPS
from tests.comments.desk.cast import soup, text_of


def test_the_layout_is_remembered_by_a_post_and_never_by_a_link(desk, pending):
    assert soup(desk.get("/moderation/?layout=list")).select("li.entry")
    assert not DeskSettings.objects.exists()
    answer = desk.post("/moderation/layout/", {"layout": "list", "queue": "pending", "filters": "q=Douze"})
    assert (answer.status_code, answer["Location"]) == (303, "/moderation/?queue=pending&q=Douze")
    assert soup(desk.get("/moderation/")).select("li.entry")
    assert soup(desk.get("/moderation/?layout=focus")).select(".one")
    assert desk.post("/moderation/layout/", {"layout": "sideways"}).status_code == 400
    assert DeskSettings.objects.get().layout == "LIST"


def test_a_moderator_chooses_keys_and_turns_them_off(desk, moderator, pending):
    form = {"layout": "FOCUS", "keymap": "CORAL", "single_keys": "on"}
    assert desk.post("/moderation/settings/", form).status_code == 303
    page = soup(desk.get("/moderation/"))
    assert text_of(page.select_one(".act-approve kbd")) == "F"
    assert json.loads(page.find(id="desk")["data-keys"])["d"] == "reject"
    desk.post("/moderation/settings/", {"layout": "FOCUS", "keymap": "CORAL", "mask_strong_words": "on"})
    page = soup(desk.get("/moderation/"))
    assert page.find(id="desk")["data-keys"] == "{}" and not page.select(".one kbd, [aria-keyshortcuts]")
    kept = DeskSettings.objects.get(user=moderator)
    assert (kept.single_keys, kept.mask_strong_words) == (False, True)
    assert desk.post("/moderation/settings/", {"layout": "X", "keymap": "CORAL"}).status_code == 422


def test_the_settings_are_a_link_away_in_both_layouts(desk, pending):
    for layout in ("focus", "list"):
        assert soup(desk.get(f"/moderation/?layout={layout}")).select(
            f".centre-tools a[href='{reverse('desk_settings')}']"
        )


def test_the_list_of_keys_can_be_read_without_scripts(desk, db):
    told = text_of(soup(desk.get("/moderation/keys/")).select_one("main"))
    assert "A Approve" in told and "? This list of keys" in told


def test_no_key_has_two_meanings_and_every_map_can_do_the_same():
    for keymap in KEYMAPS.values():
        assert len(set(keymap.values())) == len(keymap)
        assert set(keymap) <= set(ACTS) and set(KEYMAPS["NEWSROOM"]) <= set(keymap)
