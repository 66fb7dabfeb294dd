from django.core.management import call_command
from django.db import migrations


def make_table(apps, schema_editor):
    """The default cache lives in the database: `migrate` alone makes all that a process needs."""
    call_command("createcachetable", database=schema_editor.connection.alias, verbosity=0)


class Migration(migrations.Migration):
    dependencies = [("newsroom", "0001_initial")]
    operations = [migrations.RunPython(make_table, migrations.RunPython.noop, elidable=False)]
