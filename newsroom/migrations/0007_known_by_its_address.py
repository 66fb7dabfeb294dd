"""An import of comments asks, for each thread of its export, which article has that address: all of them were read."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("newsroom", "0006_imports_of_archives")]

    operations = [
        migrations.AddIndex(
            model_name="article", index=models.Index(fields=["canonical_url"], name="article_canonical")
        )
    ]
