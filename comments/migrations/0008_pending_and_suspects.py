from django.db import migrations, models


class Migration(migrations.Migration):
    """An index for each of the two queues: the one over both was passed over where most comments are decided."""

    dependencies = [("comments", "0007_recount")]
    operations = [
        migrations.RemoveIndex(model_name="comment", name="comment_pending"),
        migrations.AddIndex(
            model_name="comment",
            index=models.Index(
                condition=models.Q(("is_suspect", False), ("status", "PENDING")),
                fields=["submitted_at", "id", "discussion"],
                name="comment_pending",
            ),
        ),
        migrations.AddIndex(
            model_name="comment",
            index=models.Index(
                condition=models.Q(("is_suspect", True), ("status", "PENDING")),
                fields=["submitted_at", "id", "discussion"],
                name="comment_suspects",
            ),
        ),
        migrations.RemoveIndex(model_name="comment", name="comment_submitted"),
        migrations.AddIndex(
            model_name="comment",
            index=models.Index(fields=["submitted_at", "id"], name="comment_submitted"),
        ),
    ]
