"""What the site keeps when processes die, the database stops, the disk is full or people collide: `make faults`.

Real gunicorn workers, asked over HTTP from outside; afterwards the database is read in a process of its own. Each
scenario has a sabotage twin: the same run with one guard taken away (wsgi.py), which must turn it red.

site.py: the site under test. machines.py: a PostgreSQL, a Redis and a full disk of the test's own. people.py: who
sends and moderates. watching.py: who watches, and where. inside.py: what is prepared and counted in the database.
careless.py: a backup as it should not be made. scenarios.py, result.py, plan.py.
"""
