"""Who meets a comment that is held for a second look."""

from __future__ import annotations

from tests.comments.desk.cast import shown, soup, text_of


def test_nobody_meets_the_second_looks_they_asked_for_unless_as_a_list(desk, sit, colleague, write, take):
    mine, theirs = write("À moi."), write("À lui.", email="b@example.org")
    take(mine, "FLAG")
    take(theirs, "FLAG", by=colleague)
    assert shown(desk.get("/moderation/?queue=flagged")) == [theirs.public_id]
    assert shown(desk.get("/moderation/ahead?queue=flagged")) == [theirs.public_id]
    assert len(soup(desk.get("/moderation/?queue=flagged&layout=list")).select("li.entry")) == 2
    assert shown(sit(colleague).get("/moderation/?queue=flagged")) == [mine.public_id]


def test_a_chief_settles_also_the_second_looks_they_asked_for(sit, chief, pending, take):
    take(pending, "FLAG", by=chief)
    assert shown(sit(chief).get("/moderation/?queue=flagged")) == [pending.public_id]


def test_whoever_has_only_their_own_second_looks_left_is_told_where_they_are(desk, pending, take):
    take(pending, "FLAG")
    nothing = soup(desk.get("/moderation/?queue=flagged")).select_one("[data-nothing]")
    assert "Nothing is left for you here." in text_of(nothing)
    assert soup(desk.get(nothing.select_one("p a")["href"])).select("li.entry")
