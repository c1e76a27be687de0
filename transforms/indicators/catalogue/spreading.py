"""How far calls travelled: the trees under them, and the groups they reached."""

from __future__ import annotations

from transforms.indicators.cascades import cascades
from transforms.indicators.catalogue.entry import Indicator, Words
from transforms.indicators.reach import followers, spread

GROUPS = ("all", "observed", "rarefied", "unknown")
GROUP_VALUE = (
    "exp(entropy) of the mobilisers over {groups} (35); `observed`: number of groups; `rarefied`: expected among 20"
    " mobilisers; `unknown`: share without group"
)
GROUP_SURE = "B′; none for the strata"
GROUP_SOURCE = "Hill 1973; Hurlbert 1971"

SPREADING = (
    Indicator(
        name="cascade_size",
        kind="mean",
        unit="posts",
        formula=cascades,
        en=Words(
            "Size of the largest tree", "Posts in the largest tree of replies and quotes of an episode, on average."
        ),
        fr=Words(
            "Taille du plus grand arbre",
            "Publications du plus grand arbre de réponses et de citations d'un épisode, en moyenne.",
        ),
        value="mean over episodes of the posts in the largest tree of replies and quotes, the call included (34)",
        sure="B by episode",
        source="Goel et al. 2016",
    ),
    Indicator(
        name="cascade_depth",
        kind="mean",
        unit="steps",
        formula=cascades,
        en=Words("Depth of the largest tree", "Steps from the call to the farthest post of that tree, on average."),
        fr=Words(
            "Profondeur du plus grand arbre",
            "Pas de l'appel à la publication la plus lointaine de cet arbre, en moyenne.",
        ),
        value="mean over episodes of the steps from the call to the farthest post of that tree (34)",
        sure="B by episode",
        source="Goel et al. 2016",
    ),
    Indicator(
        name="cascade_breadth",
        kind="mean",
        unit="posts",
        formula=cascades,
        en=Words(
            "Breadth of the largest tree",
            "Most posts of that tree at one distance from the call, on average; or reposts.",
        ),
        fr=Words(
            "Largeur du plus grand arbre",
            "Plus grand nombre de publications de cet arbre à une même distance de l'appel, en moyenne ; ou de"
            " repartages.",
        ),
        value=(
            "mean over episodes of the most posts of that tree at one distance (34); `reposts`: of the reposts"
            " in the tree"
            " with most, whose depth cannot be seen"
        ),
        sure="B by episode",
        source="Goel et al. 2016; of reposts breadth only",
        strata=("all", "reposts"),
    ),
    Indicator(
        name="structural_virality",
        kind="mean",
        unit="steps",
        formula=cascades,
        en=Words(
            "Structural virality", "Mean distance of two posts of that tree: large where it grew from post to post."
        ),
        fr=Words(
            "Viralité structurelle",
            "Distance moyenne de deux publications de cet arbre : grande s'il a grandi de proche en proche.",
        ),
        value="mean distance of two posts of that tree, over episodes with an answer",
        sure="B by episode",
        source="Goel et al. 2016; without reposts",
    ),
    Indicator(
        name="reach_followers",
        kind="number",
        unit="accounts",
        formula=followers,
        en=Words(
            "Followers, upper bound", "Followers of all mobilisers added up: audiences overlap, so at most so many."
        ),
        fr=Words(
            "Abonnés, borne haute",
            "Somme des abonnés des mobilisateurs : les publics se recoupent, c'est donc un maximum.",
        ),
        value="sum over distinct mobilisers: an **upper bound**, audiences overlap",
        sure="none",
    ),
    Indicator(
        name="reach_communities",
        kind="number",
        unit="groups",
        formula=spread,
        en=Words("Communities reached", "Over how many communities, as if of equal size, the mobilisers spread."),
        fr=Words(
            "Communautés touchées",
            "Sur combien de communautés, comme de taille égale, les mobilisateurs se répartissent.",
        ),
        value=GROUP_VALUE.format(groups="communities"),
        sure=GROUP_SURE,
        source=GROUP_SOURCE,
        strata=GROUPS,
    ),
    Indicator(
        name="reach_instances",
        kind="number",
        unit="groups",
        formula=spread,
        en=Words("Instances reached", "Over how many servers, as if of equal size, the mobilisers spread."),
        fr=Words(
            "Instances touchées", "Sur combien de serveurs, comme de taille égale, les mobilisateurs se répartissent."
        ),
        value=GROUP_VALUE.format(groups="servers"),
        sure=GROUP_SURE,
        source=GROUP_SOURCE,
        strata=GROUPS,
    ),
    Indicator(
        name="reach_languages",
        kind="number",
        unit="groups",
        formula=spread,
        en=Words("Languages reached", "Over how many languages, as if equally spoken, the mobilisers spread."),
        fr=Words(
            "Langues touchées",
            "Sur combien de langues, comme également parlées, les mobilisateurs se répartissent.",
        ),
        value=GROUP_VALUE.format(groups="languages"),
        sure=GROUP_SURE,
        source=GROUP_SOURCE,
        strata=GROUPS,
    ),
)
