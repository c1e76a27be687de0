"""How much there was."""

from __future__ import annotations

from transforms.indicators.catalogue.entry import Indicator, Words
from transforms.indicators.counts import counts, late_repeats, orphans, outcomes

VOLUME = (
    Indicator(
        name="calls",
        kind="count",
        unit="posts",
        formula=counts,
        en=Words("Calls", "Calls for help of the week's episodes, repeated ones included."),
        fr=Words("Appels", "Appels à l'aide des épisodes de la semaine, répétitions comprises."),
        value="calls of the cohort's episodes, those repeated within the 168 h in their episode's week",
        source="label rules",
    ),
    Indicator(
        name="late_repeat_calls",
        kind="count",
        unit="posts",
        formula=late_repeats,
        en=Words("Late repeated calls", "Calls repeated too late to belong to the episode that they repeat."),
        fr=Words("Appels répétés tard", "Appels répétés trop tard pour appartenir à l'épisode qu'ils répètent."),
        value="calls of the calendar week that repeat an episode after its 168 h and within its 14 d",
        source="(12)",
    ),
    Indicator(
        name="episodes",
        kind="count",
        unit="episodes",
        formula=counts,
        en=Words("Episodes", "People helped and their first call of the week, each followed for 168 hours."),
        fr=Words("Épisodes", "Bénéficiaires et leur premier appel de la semaine, suivi pendant 168 heures."),
        value="episodes",
        source="(12)",
    ),
    Indicator(
        name="mature_episodes",
        kind="count",
        unit="episodes",
        formula=counts,
        en=Words("Episodes fully followed", "Episodes whose 168 hours of follow-up are over."),
        fr=Words("Épisodes au suivi achevé", "Épisodes dont les 168 heures de suivi sont écoulées."),
        value="episodes with t_call + 168 h ≤ as-of",
        source="(23)",
    ),
    Indicator(
        name="mobilisers",
        kind="count",
        unit="pairs",
        formula=counts,
        en=Words("Mobilisers", "People who relayed or answered a call, counted once an episode."),
        fr=Words("Mobilisateurs", "Personnes qui ont relayé un appel ou y ont répondu, comptées une fois par épisode."),
        value="pairs (person, episode)",
        source="(15)",
    ),
    Indicator(
        name="classified",
        kind="count",
        unit="pairs",
        formula=counts,
        en=Words("Classified mobilisers", "Mobilisers whose tie with the person to be helped could be classified."),
        fr=Words("Mobilisateurs classés", "Mobilisateurs dont le lien avec le bénéficiaire a pu être classé."),
        value="mobilisers whose tie is not `unknown`",
        source="(20)",
    ),
    Indicator(
        name="distinct_mobilisers",
        kind="count",
        unit="persons",
        formula=counts,
        en=Words("Distinct mobilisers", "People who mobilised at least once, each counted once."),
        fr=Words(
            "Mobilisateurs distincts", "Personnes qui se sont mobilisées au moins une fois, comptées une seule fois."
        ),
        value="persons",
    ),
    Indicator(
        name="organiser_mobilisers",
        kind="count",
        unit="pairs",
        formula=counts,
        en=Words("Mobilising organisers", "Organisers of the campaign who relayed or answered, counted apart."),
        fr=Words(
            "Organisateurs mobilisateurs", "Organisateurs de la campagne qui ont relayé ou répondu, comptés à part."
        ),
        value="pairs by organisers",
    ),
    Indicator(
        name="bot_mobilisers",
        kind="count",
        unit="pairs",
        formula=counts,
        en=Words("Mobilising bots", "Automated accounts that relayed or answered, counted apart."),
        fr=Words("Robots mobilisateurs", "Comptes automatisés qui ont relayé ou répondu, comptés à part."),
        value="pairs by bots",
    ),
    Indicator(
        name="referrals",
        kind="count",
        unit="mentions",
        formula=counts,
        en=Words("Referrals", "Third persons whom mobilisers named in their answers: at most so many introductions."),
        fr=Words(
            "Mises en relation",
            "Tiers que les mobilisateurs ont nommés dans leurs réponses : un maximum de mises en relation.",
        ),
        value="sum of `num_referrals` over the mobilisers",
        source="(18); an upper bound of introductions: a mention need not be one",
    ),
    Indicator(
        name="orphan_replies",
        kind="count",
        unit="posts",
        formula=orphans,
        en=Words("Replies without parent", "Replies whose thread could not be followed up to its root."),
        fr=Words("Réponses sans parent", "Réponses dont le fil n'a pas pu être remonté jusqu'à sa racine."),
        value="replies of the calendar week whose climb ends at a missing parent",
        source="(10)",
    ),
    Indicator(
        name="orphan_replies_with_hashtag",
        kind="count",
        unit="posts",
        formula=orphans,
        en=Words(
            "Replies without parent, with the hashtag", "Those of the replies without parent that carry the hashtag."
        ),
        fr=Words(
            "Réponses sans parent, avec le mot-dièse", "Celles des réponses sans parent qui portent le mot-dièse."
        ),
        value="those of them that carry the hashtag",
        source="(10)",
    ),
    Indicator(
        name="outcome_posts",
        kind="count",
        unit="posts",
        formula=outcomes,
        en=Words("Results and thanks", "Posts that tell a result or give thanks, as far as the classifier sees them."),
        fr=Words(
            "Résultats et remerciements",
            "Publications qui disent un résultat ou remercient, pour autant que le classifieur les voie.",
        ),
        value=(
            "posts by persons, in the calendar week, that carry the hashtag and are labelled `thanks_outcome`:"
            " all; those"
            " that tell a result; those that only give thanks"
        ),
        source=(
            "label rule 11; the count is the classifier's, whose precision on posts held out is in"
            " [classifier.md](classifier.md); a post is not a job"
        ),
        strata=("all", "result", "thanks"),
    ),
)
