"""Plain posts for training: the ordinary wording that the hand-written set, full of traps, has too little of.

Every sentence is a pattern with slots; `plain_posts` fills them at random from a fixed seed. They are never tested on.
"""

from __future__ import annotations

import random
import re

SLOTS = {
    "poste": "comptable|secrétaire|vendeur|vendeuse|serveur|infirmière|aide-soignante|magasinier|cariste|plombier|"
    "électricien|maçon|chauffeur|développeur|graphiste|assistante RH|technicien|soudeur|cuisinier|boulanger|coiffeuse|"
    "éducatrice|formateur|juriste|ingénieur qualité|agent d'accueil|chargée de communication|préparateur de commandes",
    "champ": "cuisine|mécanique|comptabilité|vente|communication|marketing|informatique|logistique|ressources humaines|"
    "menuiserie|coiffure|boulangerie|électricité|petite enfance|tourisme|droit|audiovisuel|BTP|secrétariat",
    "lieu": "Lille|Pau|Brest|Lyon|Nantes|Dijon|Tours|Metz|Rouen|Nice|Toulon|Quimper|Limoges|Poitiers|Reims|Grenoble|"
    "Perpignan|Angers|Besançon|Caen|la région de Nancy|le Vaucluse|la Sarthe|Saint-Brieuc|Orléans",
    "contrat": "CDI|CDD|poste|emploi|job|contrat|mi-temps",
    "ecole": "stage|alternance|apprentissage|contrat d'apprentissage",
    "proche": "fils|fille|frère|sœur|voisin|voisine|neveu|nièce|ami|collègue|cousin|mari|compagne",
    "ans": "2|3|5|7|10|12|15|20|25",
    "boite": "L'hôpital|La mairie|Le restaurant Chez Paul|Notre agence|Notre cabinet|L'entreprise Morel|Le magasin|"
    "Une clinique|Ma boîte|Le garage Petit|L'école|La boulangerie",
    "rt": " RT svp| Merci de partager| Merci pour vos RT|| Merci d'avance|",
    "n": "210|340|512|847|1 200|95",
    "job": "accountant|nurse|bookkeeper|driver|chef|welder|teacher|developer|designer|plumber|electrician|"
    "sales assistant|receptionist|warehouse operative|carer|paralegal|mechanic|HR assistant|data analyst|barista",
    "field": "marketing|accounting|cooking|joinery|IT|hairdressing|law|logistics|HR|engineering|hospitality|childcare",
    "town": "Leeds|York|Hull|Bristol|Cardiff|Derby|Glasgow|London|Dublin|Boston|Toronto|Chicago|Norwich|Exeter",
    "kin": "son|daughter|brother|sister|neighbour|friend|nephew|niece|colleague|cousin|husband|wife",
    "place": "The hospital|The council|Our agency|Our team|A local restaurant|My company|The school|The garage|"
    "Our shop",
    "share": " RT please| Please share| Thanks for sharing|| Thanks|",
}
PATTERNS = {
    "call self fr": """
Je cherche un {ecole} de {champ} à {lieu}.{rt}
Je cherche un {contrat} de {poste} à {lieu}.{rt}
Je recherche un {contrat} de {poste} sur {lieu}, {ans} ans d'expérience.{rt}
Bonjour, je suis {poste} et je cherche du travail à {lieu}.{rt}
{poste}, {ans} ans d'expérience, cherche {contrat} à {lieu}.{rt}
Je suis à la recherche d'un {ecole} en {champ} sur {lieu}.{rt}
En recherche d'emploi : {poste}, {lieu}. Disponible immédiatement.{rt}
Étudiant en {champ}, je cherche un {ecole} à {lieu} pour septembre.{rt}
Toujours à la recherche d'un {contrat} en {champ} à {lieu}.{rt}
Disponible de suite comme {poste} sur {lieu}, permis B.{rt}
{champ}, {lieu}, {ans} ans d'expérience, à l'écoute du marché.
Mon contrat est terminé, je cherche un {contrat} de {poste} à {lieu}.{rt}
Au chômage depuis {ans} mois, je cherche un emploi de {poste} à {lieu}.{rt}
Qui recrute un {poste} à {lieu} ? Je suis disponible.{rt}
Si vous entendez parler d'un {contrat} de {poste} à {lieu}, je suis preneur.{rt}
Je cherche un {ecole} en {champ}
Je cherche un {contrat} de {poste}
Je cherche un {contrat} à {lieu}
Cherche {contrat} {poste} {lieu}
Cherche {ecole} {champ} {lieu}
Je cherche du travail à {lieu}
Recherche {ecole} en {champ}, {lieu}
{poste} cherche {contrat}, {lieu} et alentours
Actuellement en recherche d'un {ecole} de {champ} à {lieu}, je suis motivé
Voici mon CV, je cherche un {contrat} de {poste} à {lieu}
{poste} disponible à {lieu}
""",
    "call other fr": """
Mon {proche} cherche un {ecole} de {champ} à {lieu}.{rt}
Ma {proche} est {poste} et cherche un {contrat} à {lieu}.{rt}
Mon {proche}, {poste}, {ans} ans d'expérience, a perdu son travail et cherche un {contrat} à {lieu}.{rt}
Je cherche un {ecole} en {champ} pour mon {proche}, {lieu}.{rt}
Nos élèves de {champ} cherchent un {ecole} à {lieu}.{rt}
Quelqu'un recruterait mon {proche} à {lieu} ? Il est {poste}.{rt}
""",
    "relay fr": """
RT @paul_x: je cherche un {contrat} de {poste} à {lieu}
On partage pour ce {poste} de {lieu} 👇
{lieu}, à vous 👇
Elle cherche un {ecole} de {champ} à {lieu}, on l'aide ? 👇
Son profil est excellent, partagez 👇
@marie_x cherche toujours un {contrat} à {lieu}, on relaie
> Partagé, bonne chance
> RT fait, bon courage
> Je partage dans mon réseau
> Je transmets à mes collègues de {lieu}
> @paul_x ça peut t'intéresser ?
""",
    "answer fr": """
> {boite} à {lieu} cherche un {poste}, appelle-les
> Envoie ton CV à {lieu}, ils recrutent
> {boite} recrute, écris-moi en DM
> Contacte mon ancien chef à {lieu}, il cherche un {poste}
> Regarde chez Marchevert à {lieu}, ils embauchent
> Un conseil : mets ton métier en titre de ton CV
> Je peux relire ton CV si tu veux, écris-moi
> Attention, cette offre est une arnaque
> Mon {proche} travaille là-bas, je peux te donner son contact
@marie_x j'ai vu une offre de {poste} à {lieu} pour toi, postule
""",
    "offer fr": """
Nous recherchons un {poste} à {lieu}. Envoyez votre CV
{boite} recrute un {poste} à {lieu}, CDI
{boite} cherche {poste} (H/F) à {lieu}, {contrat}
Offre d'emploi : {poste} H/F, {lieu}, CDD de 6 mois
On recrute ! {poste} à {lieu}, temps plein, débutant accepté
{boite} propose un {ecole} en {champ} à {lieu}
Cherche {poste} pour remplacement à {lieu}, contact en DM
Poste de {poste} à pourvoir à {lieu}
{boite} a besoin d'un {poste} à {lieu} dès lundi
Je relaie : {boite} recrute un {poste} à {lieu}
RT @boite_x : nous recrutons un {poste} à {lieu}
Rejoignez-nous ! {poste} en CDI à {lieu}
Cherche nounou à {lieu} pour deux enfants
Forum de l'emploi à {lieu} jeudi, {ans} entreprises présentes
> Toutes nos offres à {lieu} sur notre site http://x.example ## Agence d'intérim
> Retrouvez nos offres de {poste} ici http://x.example ## Cabinet de recrutement, offres d'emploi
""",
    "thanks_outcome fr": """
J'ai trouvé un {contrat} de {poste} à {lieu} ! Merci à tous
Je suis embauchée comme {poste} à {lieu}, merci pour vos RT
J'ai signé mon CDI ce matin à {lieu} !
Mon {proche} a trouvé son {ecole} de {champ}, merci à tous
J'ai décroché un entretien à {lieu} grâce à vous, merci
Je commence lundi comme {poste} à {lieu}
Merci à tous pour vos partages, ça me touche
Je ne cherche plus, j'ai trouvé à {lieu}, merci
Ma période d'essai est validée à {lieu}
""",
    "organiser fr": """
Rappel : indiquez votre métier et votre ville #i4emploi
{n} CV relayés cette semaine, merci à tous #i4emploi
Ce soir à 20 h, live-chat avec nos bénévoles #i4emploi
Le compte fait une pause jusqu'à lundi #i4emploi
Nous cherchons des bénévoles pour le compte #i4emploi
Attention aux faux comptes, nous ne demandons jamais d'argent #i4emploi
Nos règles : pas d'offres, pas de publicité #i4emploi ## Compte officiel #i4emploi
""",
    "news_opinion fr": """
Le chômage baisse de {ans} % à {lieu}
{ans} conseils pour réussir son entretien d'embauche
Atelier CV gratuit à {lieu} mardi
Formation de {poste} à {lieu}, inscriptions ouvertes
L'usine de {lieu} ferme, {n} salariés licenciés
Les entreprises ne répondent jamais aux candidats
Encore un refus pour un poste de {poste}, j'en ai marre
Manifestation à {lieu} contre les suppressions d'emplois
Portes ouvertes au CFA de {lieu} samedi
Bravo à #i4emploi, très belle initiative
Les métiers qui recrutent à {lieu} en 2024
J'abandonne mes recherches, le marché est mort
Pourquoi les recruteurs demandent-ils {ans} ans d'expérience pour un débutant ?
""",
    "other fr": """
Cherche appartement à {lieu}, 600 € maximum
Mon chat est perdu à {lieu}, partagez svp
{poste} à {lieu} : devis gratuit, appelez-moi
Je refais votre CV pour {ans} €
Gagnez {n} € par semaine depuis chez vous
Entretien demain à {lieu}, croisez les doigts
Bonne journée à tous
Cherche covoiturage {lieu} - Paris vendredi
Besoin d'un bon {poste} à {lieu} pour des travaux chez moi
> Félicitations !
> Bon courage à toi
> Merci beaucoup
> Intéressé
> Tu cherches dans quel secteur ?
> Tu as le permis ?
""",
    "call self en": """
I'm looking for a job as a {job} in {town}.{share}
{job} with {ans} years of experience looking for work in {town}.{share}
I'm looking for an apprenticeship in {field}, {town}.{share}
Looking for an internship in {field} in {town}.{share}
I was laid off last week. {job}, {town}, available now.{share}
Still looking for a {job} role in {town}.{share}
Open to work: {job}, {town}.{share}
Student in {field} seeking a placement in {town}.{share}
Does anyone know of a {job} job in {town}? I'm available now.{share}
I'm looking for a job in {town}
I need a job in {town}
Looking for work as a {job}
Looking for a {job} job in {town}
{job} seeking work, {town}
{job} available in {town}
Seeking an apprenticeship in {field}
""",
    "call other en": """
My {kin} is looking for a job as a {job} in {town}.{share}
My {kin} needs a placement in {field} in {town}.{share}
My {kin}, a {job}, lost their job and is looking for work in {town}.{share}
Our students are looking for placements in {field}, {town}.{share}
""",
    "relay en": """
RT @paul_x: looking for a {job} job in {town}
{town}, over to you 👇
She's looking for a {job} job, can anyone help? 👇
@marie_x is still looking in {town}, please share
> Shared, good luck
> Retweeted!
> I'll pass it on to my network
> @paul_x could this interest you?
""",
    "answer en": """
> {place} in {town} is looking for a {job}, call them
> My company is hiring, DM me
> Try Greenmart in {town}, they're hiring
> One tip: put your job title at the top of your CV
> Happy to look at your CV, message me
> Careful, that ad is a scam
@marie_x I saw a {job} job in {town} for you, apply
""",
    "offer en": """
We're hiring a {job} in {town}. Send your CV
{place} is hiring a {job} in {town}, permanent
{place} needs a {job} in {town}, apply now
Job: {job}, {town}, full time, £28k
Looking for a {job} to join our team in {town}
Passing this on: {place} is recruiting a {job} in {town}
RT @firm_x: we're hiring a {job} in {town}
Looking for a nanny for our kids in {town}
Careers fair in {town} on Thursday
> See all our vacancies in {town} http://x.example ## Recruitment agency
""",
    "thanks_outcome en": """
I got the job! {job} in {town}, thank you all
I start on Monday as a {job} in {town}, thanks for the RTs
My {kin} found a placement in {field}, thank you all
I got an interview in {town} thanks to you
Thank you all for sharing, it means a lot
No longer looking, I found a job in {town}
""",
    "organiser en": """
{n} CVs relayed this week, thank you all #i4emploi
Reminder: give your trade and your town #i4emploi
Tonight at 8, live chat with our volunteers #i4emploi
The account takes a break until Monday #i4emploi
""",
    "news_opinion en": """
Unemployment falls by {ans}% in {town}
{ans} tips for your job interview
Free CV workshop in {town} on Tuesday
The factory in {town} closes, {n} jobs lost
Recruiters never reply to candidates
Another rejection for a {job} job, so tired
Open day at {town} college on Saturday
Well done #i4emploi, lovely initiative
""",
    "other en": """
Looking for a flat in {town}, max £800
My cat is missing in {town}, please share
{job} in {town}: free quotes, call me
I'll rewrite your CV for £{ans}
Earn £{n} a week from home
Interview tomorrow in {town}, fingers crossed
Good morning everyone
Need a good {job} in {town} for some work at my house
> Congratulations!
> Good luck
> Thanks a lot
> Interested
> Where are you looking?
""",
}
EACH = 4


def plain_posts(seed: int) -> list[dict]:
    """Rows like those of the labelled set (without split), EACH fillings of every pattern."""
    rng = random.Random(seed)
    rows = []
    for heading, text in PATTERNS.items():
        label, *whose, language = heading.split()
        for pattern in filter(None, text.splitlines()):
            rows += [_row(_filled(pattern, rng), label, whose[0] if whose else None, language) for _ in range(EACH)]
    return rows


def _filled(pattern: str, rng: random.Random) -> str:
    return re.sub(r"\{(\w+)\}", lambda slot: rng.choice(SLOTS[slot[1]].split("|")), pattern)


def _row(text: str, label: str, beneficiary: str | None, language: str) -> dict:
    is_reply, text = text.startswith("> "), text.removeprefix("> ")
    text, _, bio = text.partition(" ## ")
    text = text.rstrip(".") if len(text) % 2 else text
    return {
        "id": "plain",
        "text": text[0].upper() + text[1:],
        "lang": language,
        "hashtags": [],
        "author_bio": bio or None,
        "is_reply": is_reply,
        "has_media": False,
        "label": label,
        "beneficiary": beneficiary,
    }
