"""Every page of a row at the desk answers 404 where its address names no number."""

import pytest
from django.contrib import admin
from django.urls import reverse

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("named", ["abc", "-1", "1e3", "9" * 24, "²"])
def test_what_is_no_number_is_no_page(admin_client, named):
    answers = {}
    for model in admin.site._registry:
        meta = model._meta
        page = reverse(f"admin:{meta.app_label}_{meta.model_name}_change", args=[named])
        answers[meta.label] = admin_client.get(page).status_code
    assert set(answers.values()) == {404}, answers
