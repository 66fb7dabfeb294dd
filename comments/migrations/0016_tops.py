"""The editors' thread: tops in every state, newest first; the index of all a discussion's comments sorts them by state."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("comments", "0015_without_what_is_empty")]

    operations = [
        migrations.AddIndex(
            model_name="comment",
            index=models.Index(
                condition=models.Q(("depth__lte", 0)),
                fields=["discussion", "depth", "submitted_at", "id"],
                name="comment_tops",
            ),
        )
    ]
