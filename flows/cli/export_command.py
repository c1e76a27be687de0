"""`passerelle export`: the week's graph for Gephi and other tools."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from flows.cli.language import both
from flows.cli.options import campaign_option, lake_option, opened


@click.command(
    "export",
    help=both(
        "Write the graph of an ISO week's interactions as GEXF or GraphML, for Gephi, networkx and others. It is"
        " restricted data, not to be passed on.",
        "Écrire le graphe des interactions d'une semaine ISO en GEXF ou GraphML, pour Gephi, networkx et d'autres."
        " Données restreintes, à ne pas transmettre.",
    ),
)
@click.option("--week", required=True, help=both("ISO week, such as 2026-W47.", "Semaine ISO, par exemple 2026-W47."))
@click.option("--format", "form", type=click.Choice(["gexf", "graphml"]), default="gexf", show_default=True)
@click.option(
    "-o",
    "--output",
    type=click.Path(path_type=Path, dir_okay=False),
    default=None,
    help=both("File to write; else the week's name here.", "Fichier à écrire ; sinon le nom de la semaine, ici."),
)
@campaign_option
@lake_option
def command(week: str, form: str, output: Path | None, campaign_file: Path, lake_folder: Path | None) -> None:
    """Write one file and print its path."""
    import pyarrow.compute as pc

    from flows.editions import RESTRICTED_EN, RESTRICTED_FR, marked
    from passerelle.errors import UsageError
    from passerelle.lake import open_lake, write_whole
    from passerelle.private import private_files
    from passerelle.weeks import week_bounds
    from transforms.graphs.weekly import to_gexf, to_graphml, week_graph

    campaign, lake = opened(campaign_file, lake_folder)
    first, after = week_bounds(week, campaign.time_zone)
    during = (pc.field("time") >= first) & (pc.field("time") < after)
    rows = open_lake(lake.root).read("interactions", where=during)
    if rows.num_rows == 0:
        raise UsageError(
            en=f"week {week} has no interactions; `passerelle analyse` makes them",
            fr=f"la semaine {week} n'a pas d'interactions ; `passerelle analyse` les calcule",
        )
    path = output or Path(f"{campaign.name}-{week}.{form}")
    people = lake.read("accounts", columns=["account_id", "instance", "declared_bot"]).to_pylist()
    graph = week_graph(rows, {one.pop("account_id"): one for one in people})
    with private_files():
        write_whole(path, marked(to_gexf(graph) if form == "gexf" else to_graphml(graph), f".{form}"))
    click.echo(path)
    print(f"passerelle: {both(f'{path}: {RESTRICTED_EN}', f'{path} : {RESTRICTED_FR}')}", file=sys.stderr)
