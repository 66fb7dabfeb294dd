"""Counts and waiting times: the honest delay that readers are told, and the figures that chiefs look at."""

from comments.figures.delay import coarse, in_words, publication_delay
from comments.figures.period import OFFERED, Period, PeriodRefused, chosen_period
from comments.figures.report import Figures, figures_of, summary_table
from comments.figures.tables import Column, Kind, Table

__all__ = [
    "OFFERED",
    "Column",
    "Figures",
    "Kind",
    "Period",
    "PeriodRefused",
    "Table",
    "chosen_period",
    "coarse",
    "figures_of",
    "in_words",
    "publication_delay",
    "summary_table",
]
