"""The policy in force, read from settings, word lists and the newsroom's names."""

from __future__ import annotations

import pytest

from comments import policies
from comments.models import WordList
from comments.policies import policy_in_force, problems_of
from comments.screening import Draft, screen

pytestmark = pytest.mark.django_db


@pytest.fixture
def insults() -> WordList:
    return WordList.objects.create(
        name="Insultes", ground="ABUSE", words="connard\nabruti", patterns="(?:^|[^a-z])zut+"
    )


def rules(text: str, name: str = "Yannick") -> list[str]:
    return [finding.rule for finding in screen(Draft(text, name), policy_in_force()).findings]


def test_words_and_patterns_of_the_lists_in_force_are_watched(insults):
    assert rules("quel abruti, zuttt") == ["banned_words", "banned_patterns"]


def test_an_edited_list_counts_from_the_next_comment(insults):
    assert rules("quel goujat") == []
    insults.words = "goujat"
    insults.save()
    assert rules("quel goujat") == ["banned_words"]
    assert rules("quel connard") == []


def test_another_process_that_kept_the_old_list_has_the_new_one_too(insults, monkeypatch):
    policy_in_force()
    kept_elsewhere = policies._kept
    insults.words = "goujat"
    insults.save()
    assert rules("quel goujat") == ["banned_words"]
    monkeypatch.setattr(policies, "_kept", kept_elsewhere)
    assert rules("quel goujat") == ["banned_words"]
    monkeypatch.setattr(policies, "_kept", None)
    assert rules("quel goujat") == ["banned_words"]


def test_a_list_taken_out_of_force_or_deleted_is_watched_no_more(insults):
    other = WordList.objects.create(name="Autres", words="goujat")
    assert rules("abruti et goujat") == ["banned_words"] * 2
    other.is_active = False
    other.save()
    assert rules("abruti et goujat") == ["banned_words"]
    insults.delete()
    assert rules("abruti et goujat") == []


def test_lists_are_compiled_once_and_one_query_tells_that_nothing_changed(insults, django_assert_num_queries):
    first = policy_in_force()
    with django_assert_num_queries(1):
        second = policy_in_force()
    assert second.matcher is first.matcher
    WordList.objects.bulk_create(
        WordList(name=f"Liste {number}", words="rien", changed_at=insults.changed_at) for number in range(20)
    )
    policy_in_force()
    with django_assert_num_queries(1):
        policy_in_force()


def test_a_bad_pattern_written_past_the_form_stops_no_reader(insults, caplog):
    insults.patterns = "(sans fin\nzut"
    insults.save()
    assert rules("quel abruti, zut") == ["banned_words", "banned_patterns"]
    assert "line 1" in caplog.text


def test_names_of_the_site_and_of_its_active_people_are_kept_from_readers(settings, moderator, editor, admin, stranger):
    moderator.last_name = "Ferrand"
    moderator.save()
    editor.is_active = False
    editor.save()
    names = policy_in_force().staff_names
    assert names[0] == settings.SITE_NAME
    assert "Mona Ferrand" in names
    assert "adele" in names  # an administrator without a full name is shown as this
    assert not {"mona", "Edmond", "Serge"} & set(names)


def test_somebody_who_joins_is_protected_at_once(moderator):
    assert rules("Un avis courtois.", name="Mona Ferrand") == []
    moderator.last_name = "Ferrand"
    moderator.save()
    assert rules("Un avis courtois.", name="M0na  FERRAND") == ["staff_name"]


def test_the_limit_of_links_is_the_settings(settings):
    settings.COMMENTS = settings.COMMENTS | {"MAX_LINKS": 0}
    assert rules("voir exemple.org") == ["links"]


def test_who_edits_a_list_is_told_which_lines_cannot_be_used():
    problems = problems_of(words="connard\n🖕", patterns="zut\n(sans fin\na*")
    assert len(problems) == 3
    assert "2" in problems[0] and "🖕" in problems[0]
    assert "(sans fin" in problems[1]
    assert "a*" in problems[2]
    assert problems_of(words="connard", patterns="zut") == []
