"""Addresses of the structure endpoints."""

from ..endpoints import routes
from . import (
    asset_families,
    assets,
    associations,
    attributes,
    categories,
    channels,
    entities,
    families,
    groups,
    measurements,
    media_files,
    options,
    records,
    scopes,
    system,
    variants,
)

V1 = "api/rest/v1"
ASSETS = f"{V1}/asset-families/<str:owner>"
ENTITY = f"{V1}/reference-entities/<str:owner>"
ATTRIBUTE, FAMILY = f"{V1}/attributes/<str:owner>", f"{V1}/families/<str:owner>"

urlpatterns = [
    *routes(f"{V1}/attributes", attributes.attributes),
    *routes(f"{V1}/attributes/<str:code>", attributes.attribute),
    *routes(f"{ATTRIBUTE}/options", options.options),
    *routes(f"{ATTRIBUTE}/options/<str:code>", options.option),
    *routes(f"{V1}/attribute-groups", groups.groups),
    *routes(f"{V1}/attribute-groups/<str:code>", groups.group),
    *routes(f"{V1}/families", families.families),
    *routes(f"{V1}/families/<str:code>", families.family),
    *routes(f"{FAMILY}/variants", variants.variants),
    *routes(f"{FAMILY}/variants/<str:code>", variants.variant),
    *routes(f"{V1}/categories", categories.categories),
    *routes(f"{V1}/categories/<str:code>", categories.category),
    *routes(f"{V1}/channels", channels.channels),
    *routes(f"{V1}/channels/<str:code>", channels.channel),
    *routes(f"{V1}/association-types", associations.association_types),
    *routes(f"{V1}/association-types/<str:code>", associations.association_type),
    *routes(f"{V1}/measurement-families", measurements.families),
    *routes(f"{V1}/measure-families", measurements.old_families),
    *routes(f"{V1}/measure-families/<str:code>", measurements.old_family),
    *routes(f"{V1}/reference-entities", entities.entities),
    *routes(f"{V1}/reference-entities/<str:code>", entities.entity),
    *routes(f"{ENTITY}/attributes", entities.attributes),
    *routes(f"{ENTITY}/attributes/<str:code>", entities.attribute),
    *routes(f"{ENTITY}/attributes/<str:attribute>/options", entities.options),
    *routes(f"{ENTITY}/attributes/<str:attribute>/options/<str:code>", entities.option),
    *routes(f"{ENTITY}/records", records.records),
    *routes(f"{ENTITY}/records/<str:code>", records.record),
    *routes(f"{V1}/asset-families", asset_families.families),
    *routes(f"{V1}/asset-families/<str:code>", asset_families.family),
    *routes(f"{ASSETS}/attributes", asset_families.attributes),
    *routes(f"{ASSETS}/attributes/<str:code>", asset_families.attribute),
    *routes(f"{ASSETS}/attributes/<str:attribute>/options", asset_families.options),
    *routes(f"{ASSETS}/attributes/<str:attribute>/options/<str:code>", asset_families.option),
    *routes(f"{ASSETS}/assets", assets.assets),
    *routes(f"{ASSETS}/assets/<str:code>", assets.asset),
    *(
        pattern
        for files in (media_files.ASSET_FILES, media_files.ENTITY_FILES)
        for pattern in (
            *routes(f"{V1}/{files.address}", media_files.new_file(files)),
            *routes(f"{V1}/{files.address}/<path:code>", media_files.file),
        )
    ),
    *routes(f"{V1}/locales", scopes.locales),
    *routes(f"{V1}/locales/<str:code>", scopes.locale),
    *routes(f"{V1}/currencies", scopes.currencies),
    *routes(f"{V1}/currencies/<str:code>", scopes.currency),
    *routes(f"{V1}/system-information", system.system_information),
]
