"""Whether a question is about the asker's own patient or family, which the course does not decide.

Knows nothing of what the course holds.
"""

from __future__ import annotations

import re

from corpus.patterns import pattern

_RELATIVE = (
    r"(?:wife|husband|partner|fianc[eé]e?|girlfriend|boyfriend|spouse|baby|babies|child|children|kids?|son|sons|daughter|daughters|"
    r"mother|mum|mom|father|dad|parents?|brother|sister|siblings?|twins?|uncle|aunt|cousin|nephew|niece|grand(?:mother|father|parents?|son|daughter|child)|"
    r"grandma|grandpa|family|relatives?|in-laws?|unborn|fetus|foetus|newborn)"
)
_WORK = (
    r"\s+(?:an?\s+|any\s+)?(?:\w+\s+){0,2}(?:consent|approval|permission|licen[cs]e|signature|form|reference|control|controls|parents'? samples?)\b"
    r"|\s+to\s+(?:obtain|record|document|report|refer|write|sign|send|confirm|repeat|inform|ask|check|calculate|adjust|use|apply|draw|cite|anonymi[sz]e)\b"
)
"""What a clinician needs for the work, not for herself."""

_ENGLISH = pattern(
    rf"\b(?:my|our)\s+(?:own\s+|late\s+|elder\s+|older\s+|younger\s+|little\s+|first\s+|second\s+|unborn\s+|\w+-year-old\s+|new\s+)*{_RELATIVE}\b"
    r"|\b(?:my|our)\s+(?:\w+\s+){0,2}(?:pregnan\w+|patient'?s?|client'?s?|test results?|results?|reports?|scan|diagnosis|karyotype|mutation|variant|genes?|risk|case|doctor|amnio\w*|NIPT|CVS|(?:micro)?array|exome|genome|blood test|genetic test)\b"
    r"|\bI(?:'m| am)\s+(?:\w+\s+){0,3}(?:pregnant|a carrier|carrying|expecting|affected|worried|scared|going to have)\b"
    r"|\bI\s+(?:have|had|carry|tested|was (?:told|diagnosed|found)|got)\s+(?:been\s+|just\s+)?(?:diagnosed|positive|negative|told|an?\s+(?:family history|affected|"
    r"miscarriage|pathogenic|mutation|variant|child|son|daughter|baby)|the\s+(?:gene|mutation|variant)|two miscarriages)\b"
    r"|\bshould\s+(?:I|we|she|he)\s+(?:\w+\s+){0,2}(?:have|get|be tested|be worried|worry|terminate|abort|keep|continue|take|stop|start|undergo|go ahead|"
    r"remove|marry|risk|try|do it|tell (?:my|our|her|his)|agree|accept|refuse|choose|end|opt)\b"
    rf"|\bwill\s+(?:my|our)\b|\bam I\b(?!\s+right)|\bdo I (?:carry\b|have (?!to\b))|(?:^|[.,;:!?]\s*|\b(?:and|but|so|or|when|why|where)\s+)do I need\b(?!{_WORK})|\b(?:me|us) and my\b|\bam I at risk\b|\bhappen to (?:me|us|my)\b|\bI have a (?:patient|client)\b"
    r"|\bthe (?:patient|couple|woman|man|child|girl|boy|baby) I(?: have)? (?:saw|see|seen|am seeing|have)\b|\bwhat would you do\b",
    re.IGNORECASE,
)
_CHINESE = pattern(
    r"(?:我|我们|咱们?|本人|俺)(?:的|自己的?|家的?|家里的?)?(?:大|小|亲|第[一二三]个|刚出生的|未出生的)?"
    r"(?:妻子|老婆|太太|爱人|丈夫|老公|先生|孩子|小孩|宝宝|娃|儿子|女儿|胎儿|妈妈|母亲|爸爸|父亲|父母|哥哥|弟弟|姐姐|妹妹|兄弟|姐妹|"
    r"表[哥弟姐妹]|堂[哥弟姐妹]|叔叔|舅舅|姑姑|姨妈?|爷爷|奶奶|外公|外婆|家人|亲戚|家族|家里|病人|患者|怀孕|孕|检查|报告|结果|基因|羊穿|无创|B超)"
    r"|我(?:和|跟|与)(?:我?的?)(?:妻子|老婆|太太|爱人|丈夫|老公|先生|男友|女友|对象|表[哥弟姐妹]|堂[哥弟姐妹])"
    r"|我(?:现在|已经|刚|正)?(?:怀孕|怀了|孕\d|是携带者|携带|患有|得了|确诊|被诊断|检查出|查出|应该|该不该|要不要|能不能|可不可以|会不会|需不需要)"
    r"|(?:我|我们|她|他)(?:应该|该不该|要不要|是否应该|需要不需要|能不能)(?:做|打掉|流产|引产|终止|保留|生|吃|停|检查|手术)"
)


def is_personal(question: str) -> bool:
    """Whether the question asks what the asker, the asker's family or a patient of the asker should know or do.

    A vignette ("a woman of 30 has a brother with ...") is not personal, nor is "how should I counsel a family".
    """
    return bool(_ENGLISH.search(question) or _CHINESE.search(question))
