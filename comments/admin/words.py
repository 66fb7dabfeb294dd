"""Word lists, the one thing edited by hand here."""

from __future__ import annotations

from django import forms
from django.contrib import admin
from django.utils.translation import gettext_lazy

from comments.models import WordList
from comments.policies import problems_of


class WordListForm(forms.ModelForm):
    class Meta:
        model = WordList
        fields = ["name", "ground", "words", "patterns", "is_active"]

    def clean_words(self) -> str:
        return self._without_problems("words", problems_of(words=self.cleaned_data["words"], patterns=""))

    def clean_patterns(self) -> str:
        return self._without_problems("patterns", problems_of(words="", patterns=self.cleaned_data["patterns"]))

    def _without_problems(self, field: str, problems: list[str]) -> str:
        if problems:
            raise forms.ValidationError(problems)
        return self.cleaned_data[field]


@admin.register(WordList)
class WordListAdmin(admin.ModelAdmin):
    form = WordListForm
    list_display = ["name", "ground", "word_count", "pattern_count", "is_active", "changed_at"]
    list_filter = ["is_active", "ground"]
    search_fields = ["name", "words", "patterns"]

    @admin.display(description=gettext_lazy("words"))
    def word_count(self, words: WordList) -> int:
        return sum(bool(line.strip()) for line in words.words.splitlines())

    @admin.display(description=gettext_lazy("patterns"))
    def pattern_count(self, words: WordList) -> int:
        return sum(bool(line.strip()) for line in words.patterns.splitlines())
