from django.db import migrations, models


class Migration(migrations.Migration):
    """The newest of one status are looked up: from the newest of all on, whatever waits in front was read first."""

    dependencies = [("comments", "0009_export_run")]
    operations = [
        migrations.AddIndex(
            model_name="comment",
            index=models.Index(fields=["status", "submitted_at", "id"], name="comment_status"),
        )
    ]
