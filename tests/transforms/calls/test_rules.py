"""One test a decision rule, in French and English, on posts that the weights were not fitted on."""

from __future__ import annotations

import pytest

from transforms.calls import PostText, classify


def label(text: str, **known: object) -> str:
    return classify([PostText(id="1", text=text, **known)])[0].label


@pytest.mark.parametrize(
    "text",
    [
        "Entretien raté hier, tant pis. Je cherche toujours un poste de comptable à Lille, merci de partager",
        "Merci pour tous vos RT ! Je recherche toujours un CDI d'assistante RH sur Nantes",
        "Interview went badly, never mind. Still looking for a bookkeeping job in Leeds, please share",
        "Je relance mon appel : toujours en recherche d'un poste de plongeur à Valmorne. Merci à ceux qui partagent !",
        "Bumping my search: I'm still looking for a support technician position in Lormise. Thanks for every boost!",
    ],
)
def test_rule_1_a_live_ask_goes_before_what_else_is_told(text: str) -> None:
    assert label(text) == "call"


def test_rule_1_being_open_to_better_after_a_result_is_no_ask() -> None:
    assert label("CDD signé, je reste à l'écoute pour mieux mais je suis soulagée, merci à tous") == "thanks_outcome"
    assert label("I got the job, still open to something better but so relieved. Thank you all") == "thanks_outcome"


@pytest.mark.parametrize(
    "text",
    [
        "Toujours en recherche. Plombier chauffagiste, Quimper, permis B",
        "Assistante commerciale. 6 ans d'expérience. Lyon. CV en DM",
        "Still searching. Welder, Aberdeen, own car",
    ],
)
def test_rule_2_a_search_stated_is_enough(text: str) -> None:
    assert label(text) == "call"


def test_rule_2_a_complaint_without_trade_place_or_ask_is_opinion() -> None:
    assert label("Trois ans de chômage et personne ne répond jamais. J'en ai marre.") == "news_opinion"
    assert label("Two years unemployed and nobody ever replies. I'm so tired of it.") == "news_opinion"


@pytest.mark.parametrize(
    ("lacks_position", "lacks_person"),
    [
        ("Cherche alternance en compta à Tours", "Cherche alternant en compta à Tours"),
        ("Je cherche un stage de cuisine à Pau", "Je cherche un stagiaire de cuisine à Pau"),
        (
            "Looking for an internship in marketing, Bristol",
            "Looking for an intern for our Bristol marketing team, paid",
        ),
    ],
)
def test_rule_3_who_lacks_a_position_calls_who_lacks_a_person_offers(lacks_position: str, lacks_person: str) -> None:
    assert (label(lacks_position), label(lacks_person)) == ("call", "offer")


@pytest.mark.parametrize("text", ["[Annonce] scieur H/F - Mirvaux - CDI - réf. V808", "Nurse m/f/d, Vienna, permanent"])
def test_rule_3_both_sexes_are_an_employers_sign(text: str) -> None:
    assert label(text) == "offer"


def test_rule_4_freelances() -> None:
    assert label("Graphiste freelance, je cherche de nouvelles missions pour avril") == "call"
    assert label("Notre agence cherche un graphiste freelance pour une mission de 3 mois") == "offer"
    assert label("Graphiste : logos dès 90 €, devis gratuit, contactez-moi") == "other"
    assert label("Freelance developer looking for my next contract, remote") == "call"
    assert label("Our startup needs a freelance developer for a 3-month contract") == "offer"


def test_rule_5_relay_leans_on_a_call_that_exists() -> None:
    assert label("RT @lea : Infirmière cherche poste à Brest") == "relay"
    assert label("Ce profil est top, on partage 👇") == "relay"
    assert label("RT @lea: Nurse looking for a job in Leeds") == "relay"


@pytest.mark.parametrize(
    "text",
    [
        "Mon fils cherche un apprentissage de menuisier à Dijon",
        "Ma voisine, aide-soignante, a perdu son travail. Elle cherche un poste à Nice",
        "Je vous présente mon mari @tom_x, soudeur, qui cherche un CDI à Brest",
        "My daughter is looking for an apprenticeship in Leeds",
    ],
)
def test_rule_5_a_call_for_somebody_the_author_brings_in(text: str) -> None:
    found = classify([PostText(id="1", text=text)])[0]
    assert (found.label, found.beneficiary) == ("call", "other")


def test_rule_5_the_handle_of_the_person_a_call_is_for_is_kept() -> None:
    found = classify([PostText(id="1", text="Je vous présente mon mari @tom_x, soudeur, qui cherche un CDI à Brest")])
    assert found[0].beneficiary_mention == "tom_x"


def test_rule_6_a_repost_of_ones_own_call_is_still_the_call() -> None:
    assert label("RT @moi : je me retweete, comptable, je cherche toujours un CDI à Lille") == "call"
    assert label("Reposting my own tweet: accountant, still looking for a job in Leeds") == "call"


def test_rule_7_passing_an_offer_on_is_an_offer() -> None:
    assert label("RT @mairie_x : la mairie recrute un agent d'accueil, postulez avant le 12") == "offer"
    assert label("Je relaie cette annonce : la clinique recrute une infirmière à Brest") == "offer"
    assert label("RT @council_x: we're hiring a librarian, apply by Friday") == "offer"


def test_rule_8_relay_or_answer() -> None:
    assert label("Partagé dans mon réseau, bon courage", is_reply=True) == "relay"
    assert label("Partagé ! Et appelle la mairie de ma part, ils cherchent quelqu'un", is_reply=True) == "answer"
    assert label("Mon entreprise recrute, envoie-moi ton CV en DM", is_reply=True) == "answer"
    assert label("Shared with my network, good luck", is_reply=True) == "relay"
    assert label("My company is hiring, DM me your CV", is_reply=True) == "answer"


def test_rule_9_chosen_for_this_seeker_is_an_answer_thrown_at_all_an_offer() -> None:
    assert label("@lea j'ai pensé à toi : la clinique Pasteur cherche une infirmière, appelle-les") == "answer"
    assert label("Demandeurs d'emploi de Brest : l'usine embauche 30 personnes, venez lundi") == "offer"
    agency = "Agence d'intérim, toutes nos offres"
    assert label("Retrouvez toutes nos offres sur http://x.example", is_reply=True, author_bio=agency) == "offer"
    assert label("Jobseekers of Hull: the factory is hiring 30 people, come on Monday") == "offer"


def test_rule_10_replies_by_seekers() -> None:
    profile = "Bonjour, je suis soudeur, 10 ans d'expérience, disponible tout de suite à Brest"
    assert label(profile, is_reply=True) == "call"
    assert label("Intéressée !", is_reply=True) == "other"
    assert label("Interested", is_reply=True) == "other"


@pytest.mark.parametrize(
    "text",
    [
        "J'ai trouvé un CDI, merci à tous pour vos partages !",
        "Entretien décroché grâce à vous, merci !",
        "Mon fils a signé son contrat d'apprentissage, merci pour lui",
        "I got the job! Thank you all for sharing",
        "Landed an interview thanks to your retweets!",
    ],
)
def test_rule_11_outcomes(text: str) -> None:
    assert label(text) == "thanks_outcome"


def test_rule_11_thanks_without_a_result_are_told_apart() -> None:
    texts = ("Merci à tous pour vos partages, ça me touche beaucoup", "J'ai trouvé un CDI, merci à tous !")
    thanked, found = classify([PostText(id=text[:3], text=text) for text in texts])
    assert (thanked.label, thanked.outcome) == ("thanks_outcome", "thanks")
    assert (found.label, found.outcome) == ("thanks_outcome", "result")


def test_rule_11_awaited_interviews_and_refusals_are_no_outcome() -> None:
    assert label("Entretien demain matin, croisez les doigts pour moi") == "other"
    assert label("Interview tomorrow morning, fingers crossed for me") == "other"
    assert label("Encore un refus ce matin, « profil trop senior »") == "news_opinion"
    assert label("Another rejection this morning, overqualified again") == "news_opinion"
    assert label("Félicitations, je suis contente pour toi !", is_reply=True) == "other"


def test_rule_12_not_looking_any_more() -> None:
    assert label("Je ne cherche plus : j'ai trouvé, merci !") == "thanks_outcome"
    assert label("J'abandonne, je ne cherche plus, ce marché est mort") == "news_opinion"
    assert label("Je ne cherche pas, je propose un poste de vendeur à Dax") == "offer"
    assert label("I'm not looking, I'm hiring: sales assistant in York") == "offer"


def test_rule_13_closing_firms() -> None:
    assert label("L'usine ferme : 80 salariés licenciés, la ministre attendue mardi") == "news_opinion"
    assert label("Rassemblement mardi devant la mairie contre la fermeture de l'usine") == "news_opinion"
    assert label("Notre usine ferme, nous sommes 20 soudeurs et cherchons du travail dans le Cher") == "call"
    assert label("The factory closes: 80 workers lose their jobs, the minister is expected") == "news_opinion"


def test_rule_14_organisers() -> None:
    bio = "Compte officiel #i4emploi"
    assert label("Rappel des règles : un métier, une ville, pas d'offres #i4emploi", author_bio=bio) == "organiser"
    assert label("940 CV relayés cette semaine, merci à tous #i4emploi", organiser_author=True) == "organiser"
    assert label("Un RT pour Paul, maçon à Niort 👇 #i4emploi", author_bio=bio) == "relay"
    assert label("Quelle belle initiative que #i4emploi, bravo à eux") == "news_opinion"
    assert label("The rules: one trade, one town, no vacancies #i4emploi. The team", author_bio=bio) == "organiser"


def test_rule_15_training_and_tips_are_opinion_job_fairs_offers() -> None:
    assert label("Atelier CV gratuit jeudi à la médiathèque, sur inscription") == "news_opinion"
    assert label("8 conseils pour réussir son entretien d'embauche") == "news_opinion"
    assert label("Forum de l'emploi mardi à Caen, 50 entreprises recrutent") == "offer"
    assert label("Je refais votre CV pour 30 €, livré en 24 h") == "other"
    assert label("8 tips to ace your job interview") == "news_opinion"
    assert label("Careers fair on Tuesday in York, 50 employers, bring your CV") == "offer"


def test_rule_16_other_kinds_of_help_and_households() -> None:
    assert label("Cherche appartement à Lyon, loyer max 600 €, RT svp") == "other"
    assert label("Mon chien a disparu à Pau, partagez svp") == "other"
    assert label("Cherche nounou pour mes deux enfants à Rennes, déclarée") == "offer"
    assert label("Looking for a flat in York, max £700, RT please") == "other"
    assert label("Looking for a nanny for our two kids in York") == "offer"


def test_rule_17_irony() -> None:
    mock = "Recherche stagiaire bac+5, 10 ans d'expérience, non rémunéré, corvéable. Le marché en 2024."
    assert label(mock) == "news_opinion"
    assert label("Cherche emploi de sieste, références : mon canapé 😂") == "other"
    profile = "Merci aux recruteurs de m'ignorer si bien. Comptable, 20 ans d'expérience, Lille, toujours disponible."
    assert label(profile) == "call"


def test_rule_18_hashtags_never_decide() -> None:
    vacancy = "Nous recrutons un vendeur H/F en CDI à Dax, envoyez CV"
    assert label(f"{vacancy} #i4emploiR #opentowork") == "offer"
    assert label("#i4emploiR", has_media=True) == "call"
    assert label("#i4emploiR") == "other"


def test_rule_19_the_bio_creates_no_ask_and_a_bare_up_is_a_relay() -> None:
    seeker = "Comptable en recherche d'emploi à Lille"
    assert label("Qui regarde le match ce soir ?", author_bio=seeker) == "other"
    assert label("up", is_reply=True, author_bio=seeker) == "relay"
    assert label("bump", is_reply=True) == "relay"
