"""Sentences of the admin theme that neither it nor Django translates, for our own catalogues.

The theme has no catalogues; ours are asked by the same sentences. A test compares this list with
the theme's own files; from Python 3.12 on it is a later release of the theme. The log-in's lock has
catalogues of its own, but not in every language.
"""

from django.utils.translation import gettext_noop, ngettext

SENTENCES = (
    gettext_noop("Account locked: too many login attempts. Please try again later."),
    gettext_noop("After you've created a user, you’ll be able to edit more user options."),
    gettext_noop("All applications"),
    gettext_noop("Apply Filters"),
    gettext_noop("Cancel"),
    gettext_noop("Choose file to upload"),
    gettext_noop("Click to cancel"),
    gettext_noop("Click to download"),
    gettext_noop("Dark"),
    gettext_noop("Date"),
    gettext_noop("Date from"),
    gettext_noop("Date to"),
    gettext_noop("Expand row"),
    gettext_noop("False"),
    gettext_noop("Filters"),
    gettext_noop("Forgotten your password or username?"),
    gettext_noop("From"),
    gettext_noop("General"),
    gettext_noop("Go back"),
    gettext_noop("Image preview"),
    gettext_noop("Light"),
    gettext_noop("Loading more results..."),
    gettext_noop("More actions"),
    gettext_noop("Next"),
    gettext_noop("No data"),
    gettext_noop("No recent searches"),
    gettext_noop("No results found"),
    gettext_noop("No results matching your query"),
    gettext_noop("Not enough data."),
    gettext_noop("Previous"),
    gettext_noop(
        "Raw passwords are not stored, so there is no way to see this user’s password, but you can "
        'change the password using <a href="{}" class="text-primary-600 dark:text-primary-500">'
        "this form</a>."
    ),
    gettext_noop("Recent searches"),
    gettext_noop("Record picture"),
    gettext_noop("Reset filters"),
    gettext_noop("Return to site"),
    gettext_noop("Run"),
    gettext_noop("Search apps and models..."),
    gettext_noop("Select action"),
    gettext_noop("Select action to run"),
    gettext_noop("Select all rows"),
    gettext_noop("Select record"),
    gettext_noop("Select value"),
    gettext_noop("Submit"),
    gettext_noop("System"),
    gettext_noop("This item will be deleted."),
    gettext_noop("This page yielded into no results. Create a new item or reset your filters."),
    gettext_noop("To"),
    gettext_noop("Toggle password visibility"),
    gettext_noop("True"),
    gettext_noop("Type to search"),
    gettext_noop("Value"),
    gettext_noop("Welcome back to"),
    gettext_noop("You have been successfully logged out from the administration"),
)

OF_LATER_RELEASE = (
    gettext_noop("Available shortcuts"),
    gettext_noop("Changelist shortcuts"),
    gettext_noop("Command tool shortcuts"),
    gettext_noop("Create new record"),
    gettext_noop(
        "Deleting the %(object_name)s '%(escaped_object)s' would require deleting the following "
        "protected related objects:"
    ),
    gettext_noop(
        "Deleting the %(object_name)s '%(escaped_object)s' would result in deleting related "
        "objects, but your account doesn't have permission to delete the following types of "
        "objects:"
    ),
    gettext_noop(
        'Are you sure you want to delete the %(object_name)s "%(escaped_object)s"? All of the '
        "following related items will be deleted:"
    ),
    gettext_noop("Global shortcuts"),
    gettext_noop("Navigate"),
    gettext_noop("Nothing matched your search"),
    gettext_noop("Open command tool"),
    gettext_noop("Open selection"),
    gettext_noop("Open selection in new tab"),
    gettext_noop("Open shortcuts list"),
    gettext_noop("Run the selected action"),
    gettext_noop("This page yielded into no results."),
    gettext_noop("Toggle dark/light mode"),
    gettext_noop("Toggle filter"),
    gettext_noop("Toggle sidebar"),
    gettext_noop("Welcome"),
)


def plural_sentences(number: int) -> list[str]:
    """Return those with a number; their blanks are part of them."""
    return [
        ngettext(
            "\n                Found %(counter)s result in %(time)s seconds\n            ",
            "\n                Found %(counter)s results in %(time)s seconds\n            ",
            number,
        ),
        ngettext(
            '\n            Found <span class="font-medium text-important">%(counter)s</span> '
            "result in %(time)s seconds\n        ",
            '\n            Found <span class="font-medium text-important">%(counter)s</span> '
            "results in %(time)s seconds\n        ",
            number,
        ),
    ]
