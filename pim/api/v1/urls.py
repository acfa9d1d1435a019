"""Addresses of our own API, below /api/v1/."""

from django.urls import path

from . import bulk, exports, facts, imports, jobs, past, remodels, rules, translations, workflow

urlpatterns = [
    path("reviews", workflow.Reviews.as_view()),
    path("reviews/<int:pk>/decide", workflow.Decide.as_view()),
    path("tasks", workflow.Tasks.as_view()),
    path("tasks/<int:pk>/finish", workflow.FinishTask.as_view()),
    path("products/<str:identifier>/comments", workflow.Comments.as_view()),
    path("translations", translations.Units.as_view()),
    path("translations/export", translations.Export.as_view()),
    path("translations/return", translations.Return.as_view()),
    path("translations/machine", translations.Machine.as_view()),
    path("exports", exports.Exports.as_view()),
    path("exports/<str:code>", exports.OneExport.as_view()),
    path("exports/<str:code>/run", exports.RunExport.as_view()),
    path("facts/prices", facts.Prices.as_view()),
    path("facts/availability", facts.Availability.as_view()),
    path("products/<str:identifier>", past.Past.as_view()),
    path("products/<str:identifier>/versions", past.Versions.as_view()),
    path("products/<str:identifier>/versions/differences", past.Differences.as_view()),
    path("remodels", remodels.Remodels.as_view()),
    path("rewinds", remodels.Rewinds.as_view()),
    path("bulk-edits", bulk.BulkEdits.as_view()),
    path("imports", imports.Imports.as_view()),
    path("import-profiles", imports.Profiles.as_view()),
    path("import-profiles/<str:code>", imports.OneProfile.as_view()),
    path("jobs", jobs.Jobs.as_view()),
    path("jobs/<int:pk>", jobs.OneJob.as_view()),
    path("jobs/<int:pk>/lines", jobs.Lines.as_view()),
    path("jobs/<int:pk>/changes", jobs.Changes.as_view()),
    path("jobs/<int:pk>/result", jobs.Result.as_view(), name="job_result"),
    path("jobs/<int:pk>/stop", jobs.Stop.as_view()),
    path("jobs/<int:pk>/undo", jobs.Undo.as_view()),
    path("rules", rules.Rules.as_view()),
    path("rules/<str:code>", rules.OneRule.as_view()),
    path("rules/<str:code>/preview", rules.Preview.as_view()),
    path("rules/<str:code>/run", rules.Run.as_view()),
]
