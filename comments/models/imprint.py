from __future__ import annotations

from django.db import models


class Imprint(models.Model):
    """The fingerprint of a comment's present text, for finding the same and nearly the same ones (comments/alike.py).

    Four bands of 16 bits: texts that are alike share at least one of them nearly always.
    """

    comment = models.OneToOneField("comments.Comment", models.PROTECT, primary_key=True, related_name="imprint")
    band_0 = models.PositiveIntegerField()
    band_1 = models.PositiveIntegerField()
    band_2 = models.PositiveIntegerField()
    band_3 = models.PositiveIntegerField()

    class Meta:
        # Each look-up reads the newest of one band from the index alone.
        indexes = [
            models.Index(fields=["band_0", "-comment"], name="imprint_band_0"),
            models.Index(fields=["band_1", "-comment"], name="imprint_band_1"),
            models.Index(fields=["band_2", "-comment"], name="imprint_band_2"),
            models.Index(fields=["band_3", "-comment"], name="imprint_band_3"),
        ]
