"""`passerelle serve`: the public edition in a browser of this machine."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from flows.cli.language import both
from flows.cli.options import campaign_option, json_option, lake_option, opened, print_json


@click.command(
    "serve",
    help=both(
        "Show the public edition in a browser of this machine, until Ctrl-C. Nothing else of the lake can be read.",
        "Montrer l'édition publique dans un navigateur de cette machine, jusqu'à Ctrl-C. Rien d'autre n'est lisible.",
    ),
)
@click.option(
    "--port",
    type=click.IntRange(0, 65535),
    default=8000,
    show_default=True,
    help=both("Port; 0 for any that is free.", "Port ; 0 pour le premier libre."),
)
@campaign_option
@lake_option
@json_option
def command(port: int, campaign_file: Path, lake_folder: Path | None, as_json: bool) -> None:
    """Print the address, then serve; being told to end is the usual end."""
    from flows.serving import HERE, site

    campaign, lake = opened(campaign_file, lake_folder)
    with site(lake, port) as server:
        address = f"http://{HERE}:{server.server_port}/"
        if as_json:
            print_json("passerelle.serve/1", campaign=campaign.name, url=address, folder=str(lake.releases))
        else:
            click.echo(address)
        sys.stdout.flush()
        try:
            server.serve_forever()
        except KeyboardInterrupt:
            return
