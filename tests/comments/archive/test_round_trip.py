"""Out and in again: what an archive holds comes back whole, and is written again byte for byte."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from django.contrib.auth.models import Group
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from comments import discussions, notes, standing, submission
from comments.archive.moment import one_moment
from comments.archive.reading import NotAnArchive, read
from comments.archive.writing import lines
from comments.bulks import decide_bulk
from comments.decisions import decide, undo
from comments.models import Comment, Decision, Discussion, Reader, Report
from comments.reports import file_report
from newsroom import roles
from newsroom.importers.showing import Tally
from newsroom.models import Article, User
from tests.comments.archive.emptying import empty_database
from tests.comments.archive.stored import stored
from tests.conftest import NOON, make_article
from tests.integrity import assert_whole


def archive(*, with_emails: bool = True) -> list[str]:
    with one_moment():
        return list(lines(with_emails=with_emails))


def bring_in(archived: list[str]) -> Tally:
    tally = Tally(("NEW", "UNCHANGED"))
    read(archived, place="archive.jsonl", tally=tally, at=NOON + timedelta(days=3))
    return tally


@pytest.fixture
def lived(article, publish, write, take, moderator, colleague, chief, at):
    """A discussion with everything that may happen in one."""
    top = publish("Le pont ferme à 18 h, pas à 17 h.", email="lea@example.org")
    answer = publish("C’est écrit au-dessus.", parent=top)
    deep = publish("Non.", parent=answer)
    publish("Si.", parent=deep)
    held = write("Regardez https://example.org/offre https://example.org/autre https://example.org/encore")
    decide(held, action="REJECT", ground="SPAM", note="Troisième fois.", version=1, by=moderator, at=at)
    flagged = write("Je connais le maire.")
    decide(flagged, action="FLAG", note="Est-ce vrai ?", version=1, by=moderator, at=at)
    file_report(deep, reason="ABUSE", detail="Sec.", email="paul@example.org", address="192.0.2.1", port=None, at=at)
    decide(deep, action="REJECT", ground="ABUSE", version=2, by=colleague, at=at)
    undo(deep, version=3, by=colleague, at=at)
    file_report(top, reason="THREAT", detail="", email="", address="192.0.2.2", port=None, at=at)
    decide_bulk([(write("Bon article."), 1)], action="APPROVE", by=moderator, at=at)
    edited = publish("Un pont.", email="zoe@example.org")
    file_report(edited, reason="OTHER", detail="", email="", address="192.0.2.3", port=None, at=at)
    decide(edited, action="EDIT", text="Deux ponts.", version=edited.version, by="author", at=at + timedelta(minutes=5))
    decide(publish("À oublier."), action="WITHDRAW", version=2, by="author", at=at)
    discussions.close(article, by=chief, reason="Trop tard.", at=at)
    discussions.instruct(article, by=chief, instructions="Pas de noms.")
    reader = Reader.objects.get(email="lea@example.org")
    measure = standing.set_standing(reader, kind="HOLD", reason="Insiste.", days=7, by=chief, at=at)
    standing.lift(measure, reason="Excusé.", by=chief, at=at)
    notes.pin("Prévenir le service culture.", by=chief, at=at, until=None, article=article, reader=None)
    make_article(article.section, slug="sans-commentaire", headline="Personne n’a rien dit")


@pytest.mark.parametrize("with_emails", [True, False])
def test_what_comes_back_is_written_again_byte_for_byte(lived, with_emails):
    first = archive(with_emails=with_emails)
    rows = {model: model.objects.count() for model in (Article, Comment, Decision, Report, Discussion)}
    before = stored() if with_emails else {}
    empty_database()
    tally = bring_in(first)
    assert not with_emails or stored() == before
    assert not tally.refused and not tally.warnings
    assert {model: model.objects.count() for model in rows} == rows
    assert archive(with_emails=with_emails) == first
    assert_whole()


def test_reading_it_twice_changes_nothing(lived):
    first = archive()
    tally = bring_in(first)
    assert tally.counts == {"UNCHANGED": Comment.objects.count()}
    assert archive() == first


def test_a_run_that_was_broken_off_is_taken_up_by_the_next(lived):
    first = archive()
    empty_database()
    tally = bring_in(first[: len(first) // 2 + 3])
    (warning,) = tally.warnings
    assert "ends early" in warning.sentence or "incomplète" in warning.sentence
    bring_in(first)
    assert archive() == first
    assert_whole()


def test_without_e_mails_nothing_is_left_that_was_made_from_one(lived):
    told = "".join(archive(with_emails=False))
    assert "@example.org" not in told
    for comment in Comment.objects.all():
        assert comment.fingerprint not in told
    for report in Report.objects.all():
        assert report.reporter not in told


def test_members_come_back_by_name_without_a_way_in(lived):
    first = archive()
    empty_database()
    bring_in(first)
    mona = User.objects.get(username="mona")
    assert (mona.is_active, mona.is_staff, mona.has_usable_password(), mona.email) == (False, False, False, "")
    assert not mona.groups.exists()


def test_addresses_of_readers_stay_at_home(lived, article, at):
    post = submission.Post(author_name="Léa", email="lea@example.org", text="Encore moi.", address="198.51.100.77")
    discussions.reopen(article, by=User.objects.get(username="chantal"))
    submission.submit(article, post=post, at=at)
    assert "198.51.100.77" not in "".join(archive())


@pytest.mark.parametrize("first_line", ["", "non", "[]", '{"kind":"comment"}', '{"kind":"archive","version":2}'])
def test_what_is_no_archive_is_refused_before_anything_is_written(db, first_line):
    with pytest.raises(NotAnArchive):
        bring_in([first_line, '{"kind":"section","slug":"ville","name":"Ville"}'])
    assert not Article.objects.exists()


def changed(archived: list[str], kind: str, **values: object) -> list[str]:
    """The archive with the first line of a kind altered by hand."""
    told = [json.loads(line) for line in archived]
    place = next(number for number, one in enumerate(told) if one["kind"] == kind)
    told[place] |= values
    return [json.dumps(one) for one in told]


def test_a_status_that_no_decision_led_to_is_refused_and_the_rest_comes_in(lived):
    archived = archive()
    pending = next(n for n, line in enumerate(archived) if '"status":"REJECTED"' in line)
    told = json.loads(archived[pending])
    archived[pending] = json.dumps(told | {"status": "APPROVED"})
    number, others = told["number"], Comment.objects.count() - 1
    empty_database()
    tally = bring_in(archived)
    assert [remark.line for remark in tally.refused] == [pending + 1]
    assert Comment.objects.count() == others
    assert not Comment.objects.filter(public_id=number).exists()
    assert_whole()


def test_an_article_that_carries_a_script_is_cleaned_and_a_bad_link_refused(lived):
    archived = archive()
    empty_database()
    bring_in(changed(archived, "article", body="<p>Bien</p><script>alert(1)</script>"))
    assert Article.objects.get(slug="pont-des-tanneurs").body == "<p>Bien</p>"
    empty_database()
    tally = bring_in(changed(archived, "article", related=[{"title": "Lire", "url": "javascript:alert(1)"}]))
    assert tally.refused
    assert not Article.objects.filter(slug="pont-des-tanneurs").exists()


acts = st.lists(
    st.tuples(
        st.sampled_from(["write", "answer", "approve", "reject", "flag", "undo", "report", "edit", "withdraw"]),
        st.integers(0, 9),
        st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1, max_size=30),
    ),
    max_size=25,
)


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(story=acts)
def test_any_story_survives(story, article, moderator, chief, at):
    empty_database()
    people = [moderator, chief]
    for user in people:
        user.save(force_insert=True)
        user.groups.set(Group.objects.filter(name=roles.CHIEFS))
    article.section.save(force_insert=True)
    article.save(force_insert=True)
    live(story, article, people, at)
    first, before = archive(), stored()
    empty_database()
    assert not bring_in(first).refused
    assert archive() == first
    assert stored() == before
    assert_whole()


def live(story, article, people, at):
    """Play what can be played of a story; what the doors refuse does not happen."""
    from comments.decisions import Refused as NotDecided
    from comments.reports import NotVisible

    told: list[Comment] = []
    for number, (act, which, words) in enumerate(story):
        comment = told[which % len(told)] if told else None
        at += timedelta(minutes=1)
        if comment:
            comment.refresh_from_db()
        try:
            if act in ("write", "answer"):
                parent = comment.public_id if act == "answer" and comment else None
                post = submission.Post(
                    author_name=words,
                    email=f"r{which}@example.org",
                    text=words,
                    parent_public_id=parent,
                    idempotency_key=str(number),
                    address=f"192.0.2.{number}",
                )
                told.append(submission.submit(article, post=post, at=at))
            elif comment and act == "undo":
                undo(comment, version=comment.version, by=people[1], at=at)
            elif comment and act == "report":
                file_report(
                    comment, reason="SPAM", detail=words, email="", address=f"198.51.100.{number}", port=None, at=at
                )
            elif comment and act in ("edit", "withdraw"):
                decide(comment, action=act.upper(), text=words, version=comment.version, by="author", at=at)
            elif comment:
                decide(
                    comment, action=act.upper(), ground="SPAM", note=words, version=comment.version, by=people[1], at=at
                )
        except (NotDecided, NotVisible, submission.Refused):
            continue
