"""Most comments answer nothing, and what an import decides no person decided: these indexes leave them out."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("comments", "0014_words_sorted_in_later"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RemoveIndex(
            model_name="comment",
            name="comment_root",
        ),
        migrations.RemoveIndex(
            model_name="decision",
            name="decision_moderator",
        ),
        migrations.AlterField(
            model_name="comment",
            name="parent",
            field=models.ForeignKey(
                blank=True,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="answers",
                to="comments.comment",
                verbose_name="answers",
            ),
        ),
        migrations.AddIndex(
            model_name="comment",
            index=models.Index(condition=models.Q(("root__isnull", False)), fields=["root", "id"], name="comment_root"),
        ),
        migrations.AddIndex(
            model_name="comment",
            index=models.Index(condition=models.Q(("parent__isnull", False)), fields=["parent"], name="comment_parent"),
        ),
        migrations.AddIndex(
            model_name="decision",
            index=models.Index(
                condition=models.Q(("moderator__isnull", False)), fields=["moderator", "-at"], name="decision_moderator"
            ),
        ),
    ]
