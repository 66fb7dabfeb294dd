"""The indexes of a thread are conditioned on depth: see comments.models.comment.IN_THREAD."""

from django.db import migrations, models
from django.db.models import Q

IN_THREAD = Q(depth=0) & (Q(status="APPROVED") | Q(visible_answers__gt=0))


class Migration(migrations.Migration):
    dependencies = [("comments", "0010_status_for_the_search")]

    operations = [
        migrations.RemoveIndex(model_name="comment", name="comment_thread"),
        migrations.RemoveIndex(model_name="comment", name="comment_thread_answered"),
        migrations.AddIndex(
            model_name="comment",
            index=models.Index(
                fields=["discussion", "submitted_at", "public_id"], name="comment_thread", condition=IN_THREAD
            ),
        ),
        migrations.AddIndex(
            model_name="comment",
            index=models.Index(
                fields=["discussion", "visible_answers", "submitted_at", "public_id"],
                name="comment_thread_answered",
                condition=IN_THREAD,
            ),
        ),
    ]
