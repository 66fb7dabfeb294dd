from django.db import migrations, models


class Migration(migrations.Migration):
    """The search reads one status in an index of its own; one over all statuses drew SQLite away from the queues."""

    dependencies = [
        ("comments", "0011_tops_by_depth"),
    ]

    operations = [
        migrations.RemoveIndex(
            model_name="comment",
            name="comment_status",
        ),
        migrations.AddIndex(
            model_name="comment",
            index=models.Index(
                condition=models.Q(("status", "APPROVED")),
                fields=["submitted_at", "id"],
                name="comment_approved_written",
            ),
        ),
        migrations.AddIndex(
            model_name="comment",
            index=models.Index(
                condition=models.Q(("status", "REJECTED")),
                fields=["submitted_at", "id"],
                name="comment_rejected_written",
            ),
        ),
        migrations.AddIndex(
            model_name="comment",
            index=models.Index(
                condition=models.Q(("status", "WITHDRAWN")),
                fields=["submitted_at", "id"],
                name="comment_withdrawn_written",
            ),
        ),
    ]
