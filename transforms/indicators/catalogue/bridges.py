"""Did help cross from one part of the network to another, and through whom?"""

from __future__ import annotations

from transforms.indicators.bins import MUTUAL_BINS, RANGE_BINS
from transforms.indicators.bridging import across, spans
from transforms.indicators.brokers import REMOVED, brokers
from transforms.indicators.catalogue.entry import Fraction, Indicator, Words

BRIDGES = (
    Indicator(
        name="mutual",
        kind="count",
        unit="pairs",
        formula=spans,
        en=Words(
            "By mutual contacts", "Classified mobilisers by the number of contacts shared with the person to be helped."
        ),
        fr=Words(
            "Par contacts communs", "Mobilisateurs classés selon le nombre de contacts communs avec le bénéficiaire."
        ),
        value="classified mobilisers by M",
        source="Granovetter 1973",
        strata=tuple(MUTUAL_BINS),
    ),
    Indicator(
        name="range",
        kind="count",
        unit="pairs",
        formula=spans,
        en=Words("By range", "Classified mobilisers by how far apart the two would be without their own tie."),
        fr=Words("Par portée", "Mobilisateurs classés selon la distance qui resterait entre les deux sans leur lien."),
        value="classified mobilisers by range",
        source="Park et al. 2018; Jahani et al. 2023",
        strata=tuple(RANGE_BINS),
    ),
    Indicator(
        name="mean_overlap_of_observed",
        kind="mean",
        unit="index",
        formula=spans,
        en=Words("Mean overlap", "How much the circles of mobiliser and beneficiary overlap, on average."),
        fr=Words(
            "Recouvrement moyen",
            "À quel point les cercles du mobilisateur et du bénéficiaire se recouvrent, en moyenne.",
        ),
        value="mean O over the observed where O is defined",
        sure="J",
        source="Onnela et al. 2007; window and hubs as said above",
    ),
    Indicator(
        name="bridging_share_of_classified",
        kind="share",
        unit="pairs",
        formula=spans,
        en=Words("Bridging share", "Share of the classified mobilisers with whom the beneficiary shared no contact."),
        fr=Words(
            "Part des ponts", "Part des mobilisateurs classés qui n'avaient aucun contact commun avec le bénéficiaire."
        ),
        value=Fraction("range ≥ 3 or ∞", "classified", "(21)"),
        sure="J, N",
        source="Granovetter 1973 (local bridges); Burt 1992",
    ),
    Indicator(
        name="bridging_share_of_observed",
        kind="share",
        unit="pairs",
        formula=spans,
        en=Words(
            "Bridging share of observed ties",
            "Of the mobilisers who had been in contact before, the share that shared no contact with the beneficiary.",
        ),
        fr=Words(
            "Part des ponts parmi les liens observés",
            "Parmi les mobilisateurs déjà en contact avant l'appel, part de ceux sans contact commun avec le"
            " bénéficiaire.",
        ),
        value=Fraction("observed with range ≥ 3 or ∞", "observed", "(21)"),
        sure="J, N",
        source="as above",
    ),
    Indicator(
        name="cross_community_share",
        kind="share",
        unit="pairs",
        formula=across,
        en=Words("Between communities", "Share of the mobilisations that link two different communities."),
        fr=Words("Entre communautés", "Part des mobilisations qui relient deux communautés différentes."),
        value=Fraction("pairs in two communities", "classified with both communities known"),
        sure="range over the 50 seeds, N",
        source="Grabowicz et al. 2012",
    ),
    Indicator(
        name="e_i_index",
        kind="index",
        unit="pairs",
        formula=across,
        en=Words("E–I index", "From −1, where all help stays inside its community, to +1, where all of it leaves."),
        fr=Words("Indice E–I", "De −1, si toute l'aide reste dans sa communauté, à +1, si toute l'aide en sort."),
        value="(E − I) / (E + I) of the same pairs (33); `without_community`: share of the classified left out",
        sure="as above; none",
        source="Krackhardt & Stern 1988; over mobilisations, not over ties",
        strata=("all", "without_community"),
    ),
    Indicator(
        name="broker_pairs",
        kind="count",
        unit="triples",
        formula=brokers,
        en=Words("Brokerages", "Times somebody acted before a contact of theirs whom the beneficiary had no tie with."),
        fr=Words(
            "Intermédiations",
            "Fois où quelqu'un a agi avant l'un de ses contacts, lequel n'avait aucun lien avec le bénéficiaire.",
        ),
        value="(u, b, v): both mobilised for b, u first, tie(u, v) D ≥ 1, tie(b, v) absent (28)",
        source="Burt 1992; by order of acts, not by content passed on",
    ),
    Indicator(
        name="brokered_pairs_distinct",
        kind="count",
        unit="pairs",
        formula=brokers,
        en=Words(
            "Brokered pairs", "Beneficiaries and mobilisers without a tie whom at least one broker may have joined."
        ),
        fr=Words(
            "Paires mises en relation",
            "Bénéficiaires et mobilisateurs sans lien qu'au moins un intermédiaire a pu rapprocher.",
        ),
        value="distinct (b, v)",
        source="as above",
    ),
    Indicator(
        name="brokers",
        kind="count",
        unit="persons",
        formula=brokers,
        en=Words("Brokers", "People who may have carried a call to somebody the beneficiary had no tie with."),
        fr=Words(
            "Intermédiaires", "Personnes qui ont pu porter un appel jusqu'à quelqu'un sans lien avec le bénéficiaire."
        ),
        value="distinct u",
        source="as above",
    ),
    Indicator(
        name="fragility",
        kind="share",
        unit="pairs",
        formula=brokers,
        en=Words("Fragility", "Share of the brokered pairs that would have no broker left without the busiest ones."),
        fr=Words(
            "Fragilité", "Part des paires mises en relation qui n'auraient plus d'intermédiaire sans les plus actifs."
        ),
        value=Fraction(
            "distinct (b, v) left without broker when the k with most pairs, and all tied with the k-th, go",
            "distinct (b, v)",
        ),
        sure="B by episode, ranks anew each draw",
        source="as above",
        strata=tuple(map(str, REMOVED)),
    ),
)
