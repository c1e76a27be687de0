"""Options that several commands share."""

from __future__ import annotations

import math
import re
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from flows.cli.language import both

if TYPE_CHECKING:
    from passerelle.campaign import Campaign
    from passerelle.lake import Lake


MOST_DAYS = 366


class Moment(click.ParamType["datetime"]):
    """A moment with its zone, such as 2026-11-23T06:00:00+01:00; without one it is UTC."""

    name = "moment"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> datetime:
        """The moment that `value` says."""
        try:
            moment = datetime.fromisoformat(str(value))
        except ValueError:
            self.fail(
                both(
                    f"'{value}' is no moment: write 2026-11-23T06:00:00+01:00",
                    f"« {value} » n'est pas un moment : écrivez 2026-11-23T06:00:00+01:00",
                ),
                param,
                ctx,
            )
        return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


campaign_option = click.option(
    "-c",
    "--campaign",
    "campaign_file",
    type=click.Path(path_type=Path),
    default=Path("campaign.toml"),
    show_default=True,
    envvar="PASSERELLE_CAMPAIGN",
    help=both("The campaign file.", "Le fichier de campagne."),
)


class Duration(click.ParamType["timedelta"]):
    """A length of time such as 90s, 15m, 1h, 2h30m or 1d (or, in French, 1j)."""

    name = both("duration", "durée")

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> timedelta:
        """The length that `value` says."""
        if isinstance(value, timedelta):
            return value
        found = re.fullmatch(r"(?:(\d+)[dj])?(?:(\d+)h)?(?:(\d+)m(?:in)?)?(?:(\d+)s)?", str(value).strip().lower())
        days, hours, minutes, seconds = (int(part or 0) for part in (found.groups() if found else (0,) * 4))
        if not any((days, hours, minutes, seconds)) or days > MOST_DAYS:
            self.fail(
                both(
                    f"'{value}' is no length of time: write 90s, 15m, 1h or 2h30m",
                    f"« {value} » n'est pas une durée : écrivez 90s, 15m, 1h ou 2h30m",
                ),
                param,
                ctx,
            )
        return timedelta(days=days, hours=hours, minutes=minutes, seconds=seconds)


lake_option = click.option(
    "--lake",
    "lake_folder",
    type=click.Path(path_type=Path),
    default=None,
    help=both(
        "Folder under which the campaign's data are kept.",
        "Dossier sous lequel sont conservées les données de la campagne.",
    ),
)
as_of_option = click.option(
    "--as-of",
    type=Moment(),
    default=None,
    help=both("Look at nothing later than this moment.", "Ne rien regarder après ce moment."),
)
json_option = click.option(
    "--json",
    "as_json",
    is_flag=True,
    help=both("Print JSON with a versioned schema.", "Afficher du JSON au schéma versionné."),
)


def opened(campaign_file: Path, lake_folder: Path | None) -> tuple[Campaign, Lake]:
    """The campaign and its lake, which lies under `lake_folder`, else under the folder the campaign names."""
    from passerelle.lake import lake_under

    campaign = campaign_named(campaign_file, lake_folder)
    return campaign, lake_under(campaign.lake, campaign.name)


def campaign_named(campaign_file: Path, lake_folder: Path | None) -> Campaign:
    """What the campaign file says, `lake_folder` in the place of its own."""
    from passerelle.campaign import load_campaign

    return load_campaign(campaign_file, **({"lake": lake_folder} if lake_folder else {}))


def print_json(schema: str, **content: Any) -> None:
    """One JSON document on stdout; NaN and infinity become null and ``"inf"``."""
    import orjson

    document = _finite({"schema": schema, **content})
    click.echo(orjson.dumps(document, option=orjson.OPT_INDENT_2, default=str).decode())


def _finite(value: Any) -> Any:
    """`value` with what JSON cannot say: an infinite number is the string ``inf`` or ``-inf``."""
    if isinstance(value, dict):
        return {key: _finite(part) for key, part in value.items()}
    if isinstance(value, (list, tuple)):
        return [_finite(part) for part in value]
    return str(value) if isinstance(value, float) and math.isinf(value) else value
