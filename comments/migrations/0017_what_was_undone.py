"""What undoes a decision, or lifts a measure, is looked up: where few do, SQLite read the whole table instead."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("comments", "0016_tops")]

    operations = [
        migrations.AddIndex(
            model_name="decision",
            index=models.Index(
                condition=models.Q(("undoes__isnull", False)), fields=["undoes"], name="decision_undone"
            ),
        ),
        migrations.AddIndex(
            model_name="standing",
            index=models.Index(condition=models.Q(("lifts__isnull", False)), fields=["lifts"], name="standing_lifted"),
        ),
    ]
