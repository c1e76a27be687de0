"""Which ties carried the help, and how often a tie answered."""

from __future__ import annotations

from passerelle.allowed import TIE_CLASSES
from transforms.indicators.bins import DAY_BINS, MUTUAL_BINS
from transforms.indicators.catalogue.entry import Fraction, Indicator, Words
from transforms.indicators.conversion import conversion
from transforms.indicators.mix import mix
from transforms.indicators.yields import by_dose, yields

TIES = (
    Indicator(
        name="ties",
        kind="count",
        unit="pairs",
        formula=mix,
        en=Words("Mobilisers by tie", "Mobilisers by the class of their tie with the person to be helped."),
        fr=Words("Mobilisateurs par lien", "Mobilisateurs selon la classe de leur lien avec le bénéficiaire."),
        value="mobilisers by class, `unknown` too",
        source="Granovetter 1973",
        strata=TIE_CLASSES,
    ),
    Indicator(
        name="tie_mix",
        kind="share",
        unit="pairs",
        formula=mix,
        en=Words("Tie mix", "Share of each class of tie among the classified mobilisers."),
        fr=Words("Répartition des liens", "Part de chaque classe de lien parmi les mobilisateurs classés."),
        value=Fraction("mobilisers of the class", "classified", "stratum `unknown`: of all mobilisers"),
        sure="J",
        source="Granovetter 1973; contact, not closeness told by people",
        strata=(*TIE_CLASSES, "absent"),
    ),
    Indicator(
        name="weak_tie_share_of_classified",
        kind="share",
        unit="pairs",
        formula=mix,
        en=Words("Weak-tie share", "Share of the classified mobilisers whose tie was weak or moderately weak."),
        fr=Words(
            "Part des liens faibles", "Part des mobilisateurs classés dont le lien était faible ou modérément faible."
        ),
        value=Fraction("(weak + moderately weak)", "classified"),
        sure="J, N",
        source="Granovetter 1973; Bakshy et al. 2012; Weng et al. 2015",
    ),
    Indicator(
        name="weak_tie_share_of_observed",
        kind="share",
        unit="pairs",
        formula=mix,
        en=Words(
            "Weak-tie share of observed ties",
            "Of the mobilisers who had been in contact before, the share with a weak or moderately weak tie.",
        ),
        fr=Words(
            "Part des liens faibles parmi les liens observés",
            "Parmi les mobilisateurs déjà en contact avant l'appel, part de ceux dont le lien était faible ou"
            " modérément"
            " faible.",
        ),
        value=Fraction("(weak + moderately weak)", "observed"),
        sure="J, N",
        source="as above",
    ),
    Indicator(
        name="activation",
        kind="share",
        unit="pairs",
        formula=mix,
        en=Words(
            "Dormant ties woken", "Share of the classified mobilisers whose tie had been silent for more than 84 days."
        ),
        fr=Words(
            "Liens dormants réveillés",
            "Part des mobilisateurs classés dont le lien se taisait depuis plus de 84 jours.",
        ),
        value=Fraction("dormant", "classified"),
        sure="J",
        source="Kossinets & Watts 2006; descriptive",
    ),
    Indicator(
        name="yield",
        kind="share",
        unit="ties",
        formula=yields,
        en=Words("Yield", "Of the ties of a class that could have answered, the share that did."),
        fr=Words("Rendement", "Parmi les liens d'une classe qui auraient pu répondre, part de ceux qui ont répondu."),
        value=Fraction("mobilisers of class s", "alters of class s at t_call (22)"),
        sure="J",
        source=(
            "Gee, Jones & Burke 2017; Rajkumar et al. 2022; per tie, not per person; none for absent, whose"
            " number is not"
            " known"
        ),
        strata=TIE_CLASSES[:3],
    ),
    Indicator(
        name="ln_yield_weak_over_strong",
        kind="log_ratio",
        unit="ties",
        formula=yields,
        en=Words("Yield, weak over strong", "Logarithm of the yield of weak ties over that of strong ones."),
        fr=Words(
            "Rendement faible / fort", "Logarithme du rendement des liens faibles rapporté à celui des liens forts."
        ),
        value="ln(π_weak / π_strong), class *weak* alone; null if either is 0 or null",
        sure="B, over draws with both",
        source="as above",
    ),
    Indicator(
        name="yield_by_days",
        kind="share",
        unit="ties",
        formula=by_dose,
        en=Words("Yield by days", "Yield by the number of days of contact in the 84 days before the call."),
        fr=Words(
            "Rendement par jours", "Rendement selon le nombre de jours de contact dans les 84 jours avant l'appel."
        ),
        value=Fraction("mobilisers with so many days D", "alters with so many"),
        sure="J a bin",
        source="Gilbert & Karahalios 2009",
        strata=tuple(DAY_BINS),
    ),
    Indicator(
        name="yield_by_mutual",
        kind="share",
        unit="ties",
        formula=by_dose,
        en=Words("Yield by mutual", "Yield by the number of people that both had been in contact with."),
        fr=Words("Rendement par voisins", "Rendement selon le nombre de contacts que les deux avaient en commun."),
        value=Fraction("mobilisers with so many mutual neighbours M", "alters with so many"),
        sure="J a bin",
        source="Rajkumar et al. 2022; association, nothing was assigned",
        strata=tuple(MUTUAL_BINS),
    ),
    Indicator(
        name="conversion_difference",
        kind="difference",
        unit="pairs",
        formula=conversion,
        en=Words(
            "Conversion",
            "How much more often a weaker tie had become strong 84 days after the call where it had mobilised"
            " than where a"
            " like tie had not.",
        ),
        fr=Words(
            "Conversion",
            "De combien un lien plus faible est plus souvent devenu fort 84 jours après l'appel quand il s'est"
            " mobilisé que"
            " quand un lien semblable ne l'a pas fait.",
        ),
        value="P(strong at t_call + 84 d) of weaker mobilisers − that of matched non-mobilisers (32)",
        sure="J",
        source="Kossinets & Watts 2006; descriptive: matching is no experiment",
    ),
)
