"""The rules as tables: facts in, findings out, no database. Words and patterns: test_screening_words.py."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from comments.models import Ground
from comments.models.finding import RULES as LABELS
from comments.screening import FINDINGS_A_RULE, Draft, Policy, screen
from comments.screening import rules as rules_package
from comments.screening.rules import RULES
from comments.screening.rules.staff_name import imitates_staff
from comments.screening.verdict import SUSPECT_RULES
from tests.comments.screening_cast import POLICY, check_places, findings, seen


# ── Links ────────────────────────────────────────────────────────────────
@pytest.mark.parametrize(
    ("text", "links"),
    [
        ("voir http://a.fr/x et www.b.com", []),
        ("http://a.fr/x, www.b.com et exemple.org.", ["http://a.fr/x", "www.b.com", "exemple.org"]),
        ("🙂 bit.ly/a casino.xyz SITE.COM //c.fr/d", ["bit.ly/a", "casino.xyz", "SITE.COM", "//c.fr/d"]),
        ("a@b.fr c@d.fr mailto:e@f.fr", []),
        ("C'est fini.Il pleut.Je sors.Me voilà.La suite", []),
        ("1.5 km, 3.20 euros, M.Dupont, etc...", []),
    ],
)
def test_links_over_the_limit_are_all_shown(text, links):
    assert seen("links", text) == links


def test_one_link_in_a_name_is_one_too_many():
    (finding,) = findings("links", name="Gagnez www.casino.com")
    assert (finding.field, finding.start, finding.end) == ("name", 7, 21)


def test_a_newsroom_that_allows_no_link_sees_the_first():
    assert [found.rule for found in screen(Draft("voir lemonde.fr", "Y"), Policy(max_links=0)).findings] == ["links"]


# ── Capitals ─────────────────────────────────────────────────────────────
@pytest.mark.parametrize(
    ("text", "shouted"),
    [
        ("C'EST UNE HONTE", ["C'EST UNE HONTE"]),
        ("Bon. VOUS ÊTES TOUS DES VENDUS ! Voilà.", ["VOUS ÊTES TOUS DES VENDUS"]),
        ("HONTE À VOUS !", ["HONTE À VOUS"]),
        ("OTAN", []),
        ("L'OTAN et l'URSSAF", []),
        ("La SNCF, la RATP", []),
        ("la CGT, FO, CFDT, UNSA, SUD et FSU/SNES", []),
        ("la R.A.T.P. et la S.N.C.F. roulent", []),
        ("UNICEF", []),
        ("M. DUPONT DE LORME parle", []),
        ("H2O, CO2, G20", []),
        ("漢字漢字漢字 漢字 漢字 漢字", []),
    ],
)
def test_shouting_is_told_from_acronyms(text, shouted):
    assert seen("shouting", text) == shouted


# ── Length, repeats, the form ────────────────────────────────────────────
@pytest.mark.parametrize(("text", "short"), [("Oui.", 0), ("ok", 1), ("… !!", 1), ("👍", 1), ("", 1)])
def test_a_text_with_hardly_a_letter_is_noted(text, short):
    assert len(findings("too_short", text)) == short


@pytest.mark.parametrize(("length", "long"), [(3000, 0), (3001, 1)])
def test_an_unusually_long_text_is_noted(length, long):
    assert len(findings("too_long", "a" * length)) == long


@pytest.mark.parametrize(
    ("text", "recent", "repeated"),
    [
        ("Honte à vous !", ("honte a  VOUS",), 1),
        ("Honte à vous !", ("autre chose", "Honte à vous !"), 1),
        ("Honte à vous !", ("Honte à nous !",), 0),
        ("👍", ("👍 ",), 1),
        ("👍", ("👎",), 0),
        ("Honte", (), 0),
    ],
)
def test_a_text_sent_again_is_noted(text, recent, repeated):
    found = findings("repeat_post", text, recent_texts=recent)
    assert [finding.ground for finding in found] == ["DUPLICATE"] * repeated


@pytest.mark.parametrize(
    ("age", "forged", "detail"),
    [
        (None, False, None),
        (2.0, False, None),
        (60.0, False, None),
        (86_400.0, False, None),
        (1.9, False, "1 s"),
        (0.4, False, "< 1 s"),
        (-5.0, False, "< 1 s"),
        (90_000.0, False, "25 h"),
        (None, True, "FORGED"),
    ],
)
def test_a_form_is_judged_by_its_time_and_a_reader_without_scripts_is_not(age, forged, detail):
    found = findings("form_time", form_age=age, form_time_forged=forged)
    assert [finding.detail for finding in found] == ([] if detail is None else [detail])


def test_a_filled_honeypot_is_noted():
    assert findings("honeypot", honeypot_filled=False) == []
    assert findings("honeypot", honeypot_filled=True)[0].field == "form"


# ── Names of the newsroom ────────────────────────────────────────────────
@pytest.mark.parametrize(
    "name",
    [
        "La rédaction",
        "LaRédaction",
        "R é d a c t i o n",
        "R.é.d.a.c.t.i.o.n",
        "Rédacteur en chef",
        "Modérateur",
        "M0DÉRATEUR",
        "Моdératеur",
        "modé\u200brateur_12",
        "Moddérrateur",
        "l'administrateur",
        "Admin",
        "admin1",
        "@dmin",
        "Le Courrier de Valmeray",
        "courrier-de-valmeray",
        "LeCourrierDeValmeray",
        "Equipe Le Courrier de Valmeray",
        "Claire Martin",
        "CLAIRE  MARTIN (officiel)",
        "C.l.a.i.r.e M.a.r.t.i.n",
        "ClaireMartin",
        "Claire_Martin",
        "CIaire Martin",  # a capital I for the l
        "Сlаirе Mаrtin",
        "J3an R0y",
        "Mona",
        "lIlia NoIan",
    ],
)
def test_a_name_that_passes_for_the_newsroom_is_caught(name):
    assert imitates_staff(name, POLICY)
    (finding,) = findings("staff_name", name=name)
    assert (finding.field, finding.start, finding.end) == ("name", 0, len(name))


@pytest.mark.parametrize(
    "name",
    [
        "",
        "Claire",
        "Martin",
        "Claire M.",
        "Jean Royer",
        "Mona L.",
        "Ramona",
        "Badminton",
        "Lecteur",
        "Valmeray",
        "Martin Claire",
        "123",
        "山田",
        "Sudre",
        "Modeste",
        "Annie Lalande",
    ],
)
def test_a_readers_own_name_is_left_alone(name):
    assert not imitates_staff(name, POLICY)


# ── The whole ────────────────────────────────────────────────────────────
def test_every_finding_is_kept_not_the_first():
    text = "VOUS ETES TOUS DES CONNARDS connard http://a.fr http://b.fr http://c.fr"
    verdict = screen(Draft(text, "Modérateur", (text,), True, 0.5), POLICY)
    rules = list(dict.fromkeys(finding.rule for finding in verdict.findings))
    assert rules == ["honeypot", "form_time", "staff_name", "repeat_post", "links", "banned_words", "shouting"]
    assert sum(finding.rule == "links" for finding in verdict.findings) == 3


@pytest.mark.parametrize(
    ("draft", "suspect"),
    [
        (Draft("Un avis courtois.", "Y"), False),
        (Draft("quel connard", "Modérateur"), False),
        (Draft("ok", "Y"), False),
        (Draft("Un avis courtois.", "Y", honeypot_filled=True), True),
        (Draft("Un avis courtois.", "Y", form_age=0.1), True),
        (Draft("Un avis courtois.", "Y", recent_texts=("un avis courtois",)), True),
        (Draft("a.fr b.fr c.fr", "Y"), True),
    ],
)
def test_only_honeypot_time_links_and_repeats_make_a_suspect(draft, suspect):
    assert screen(draft, POLICY).is_suspect is suspect


def test_a_flood_of_findings_is_capped():
    verdict = screen(Draft("con " * 1200, "Y"), POLICY)
    assert sum(finding.rule == "banned_words" for finding in verdict.findings) == FINDINGS_A_RULE


def test_every_rule_has_its_file_its_place_its_label_and_known_grounds():
    folder = Path(rules_package.__file__).parent
    files = {path.stem for path in folder.glob("*.py")} - {"__init__"}
    assert {rule.__name__ for rule in RULES} == {f"find_{name}" for name in files}
    # The newsroom's measure on a reader is a finding too, and no rule of screening.
    assert files | {"held_reader"} == set(LABELS)
    assert files >= SUSPECT_RULES
    for name in files:
        for node in ast.walk(ast.parse((folder / f"{name}.py").read_text())):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "Finding":
                constants = {key.arg: key.value.value for key in node.keywords if isinstance(key.value, ast.Constant)}
                assert constants.get("rule", name) == name
                assert constants.get("ground", "") in {"", *Ground.values}


@settings(deadline=None)  # the machine may be busy; speed is measured elsewhere
@given(st.text(max_size=60), st.text(max_size=20))
def test_every_finding_has_a_place_within_what_was_written(text, name):
    check_places(screen(Draft(text=text, author_name=name), POLICY).findings, text, name)
