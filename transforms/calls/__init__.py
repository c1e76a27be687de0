"""The call classifier: what a post under the hashtag does, by the rules of docs/classifier.md."""

from transforms.calls.classify import VERSION, classify
from transforms.calls.evaluate import Evaluation, confusion_resample, evaluate, held_out
from transforms.calls.lexicon import LEXICONS, Lexicon, load_lexicon
from transforms.calls.posts import LABELS, Label, LabelName, PostText
from transforms.calls.table import label_posts

__all__ = [
    "LABELS",
    "LEXICONS",
    "VERSION",
    "Evaluation",
    "Label",
    "LabelName",
    "Lexicon",
    "PostText",
    "classify",
    "confusion_resample",
    "evaluate",
    "held_out",
    "label_posts",
    "load_lexicon",
]
