"""How often one may post holds for both processes together: neither has a count of its own."""

from __future__ import annotations

from functools import partial

import pytest

from comments.models import Comment, LimitCount, Trace
from tests.integrity import assert_whole
from tests.two_processes import BY_ADDRESS, BY_READER, Browser

pytestmark = [pytest.mark.race, pytest.mark.xdist_group("two processes"), pytest.mark.django_db(transaction=True)]
POSTS = 8


def post(port: int, path: str, number: int, email: str) -> tuple[int, bool]:
    """(status, whether it says when to come back)."""
    fields = {"author_name": "Odile", "email": email, "text": f"Et les riverains ? Question {number}."}
    status, headers, _page = Browser(port).post(path, idempotency_key=f"key {number}", **fields)
    return status, "Retry-After" in headers


@pytest.mark.parametrize(
    ("email", "most"),
    [("odile@example.org", BY_READER), ("odile{}@example.org", BY_ADDRESS)],
    ids=["reader", "address"],
)
def test_of_posts_at_once_over_both_as_many_are_taken_in_as_the_limit_says(ports, article, in_parallel, email, most):
    path = f"{article.get_absolute_url()}comments/"
    posts = [partial(post, ports[n % 2], path, n, email.format(n)) for n in range(POSTS)]
    assert sorted(in_parallel(posts)) == [(303, False)] * most + [(429, True)] * (POSTS - most)
    assert Comment.objects.count() == Trace.objects.count() == most
    # What was refused has spent nothing, of either limit.
    assert max(LimitCount.objects.values_list("count", flat=True)) == most
    for port in ports:
        assert post(port, path, POSTS, email.format(POSTS)) == (429, True)
    assert Comment.objects.count() == most
    assert_whole()
