"""Names of persons, where the text around them says that a person is meant: a title, a label, a number beside them.

A capitalised word or a Chinese surname alone is no name here: Marfan, Lynch and 白血病 would be taken for patients. Works on plain
(half-width) text. Knows nothing of which numbers identify a person.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from corpus.patterns import pattern

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

Span = tuple[int, int]

_SURNAMES = (
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗郑梁谢宋唐许韩冯邓曹彭曾肖田董袁潘于蒋蔡余杜叶程苏魏吕丁任沈姚卢姜崔钟谭陆汪范金石廖贾夏韦付方白邹孟熊秦邱江尹薛闫段雷侯龙史陶黎贺顾毛"
    "郝龚邵万钱严覃武戴莫孔向汤温康施文牛樊葛邢安齐易乔伍庞颜倪庄聂章鲁岳翟殷詹申欧耿关兰焦俞左柳甘祝包宁尚符舒阮柯纪梅童凌毕单季裴霍涂成苗谷盛曲翁冉骆蓝路游辛靳欧阳柴管蒙鲍华喻祁蒲房滕屈饶解牟艾尤阎时穆农司卓古吉缪简车项连芦麦褚娄窦戚岑景党宫费卜冷晏席卫米柏宗瞿桂全佟应臧闵苟邬边卞姬师和仇栾隋商刁沙荣巫寇桑郎甄丛仲虞敖巩明佘池查麻苑迟邝"
)
_CHINESE_NAME = (
    rf"(?:(?:欧阳|司马|上官|诸葛|夏侯|皇甫|尉迟|公孙|慕容|令狐|司徒|端木)[\u4e00-\u9fff]{{1,2}}|[{_SURNAMES}][\u4e00-\u9fff]{{1,2}})"
)
_NO_NAME = pattern(
    r"[病症征癌瘤综型因基突变染体携遗传检测查筛断诊疗药血尿糖蛋酶缺失复险率吗呢的是否有无不没会请问氏者号岁男女]|^(?:马凡|林奇|雷特|时候|和我|应该|成人|任何|全部|单基|单纯|关于|时间|解释|解读|明确|简单|安全|方法|方式|查询|连锁|向家|包括|何时|何种|文献)"
)
_BEFORE_CHINESE = r"(?:^|[^\u4e00-\u9fff]|患者|病人|患儿|孕妇|产妇|先证者|姓名|名字|叫|是)"
_BETWEEN = r"(?:[\s,，、;；:：()（）的/-]|男性?|女性?|汉族|\d{1,3}\s*(?:周?岁|个?月)|孕\d{1,2}\+?\d?周?)*"

_WORD = r"(?:[A-Z]['’])?[A-Z][a-z]+(?:[-'’][A-Z]?[a-z]{2,})?"
_TITLE = r"(?:Mr|Mrs|Ms|Miss|Mx|Master)\b\.?\s+"
_NO_ENGLISH_NAME = frozenset(
    re.findall(
        r"\w+",
        "The This That These Those What Which When Where Why Who Whose How Is Are Was Were Does Did Can Could Should Would Will May Has Have Had And Or For With "
        "From About After Before Patient Patients Please Tell Explain Describe My Our Her His Their He She It They We You If In On At Of To By Not No Yes A An "
        "Syndrome Disease Disorder Syndromes Diseases Disorders Deficiency Dystrophy Cancer Carcinoma Tumour Tumor Gene Genes Genetics Genomics Medicine Nature Science "
        "Cell Lancet Journal Hospital University Guideline Guidelines Table Figure Chapter Unit Section Module Course Number Record Date Birth Phone Telephone Mobile "
        "Email Name Test Testing Report Result Results Call Contact Born Male Female Aged Age Down Huntington Marfan Lynch Turner Klinefelter Chinese Han European Asian "
        "National Health Service Medical Identity Card January February March April June July August September October November December",
    )
)
_AGED = r"(?:\s|,|;|:|\(|-|(?:male|female|man|woman|aged?|years?|old|yrs?|whose|with|his|her|and|is|[MF]|\d{1,3})(?![A-Za-z\d])){0,16}"

_TITLED = pattern(rf"(?<![A-Za-z])({_TITLE}{_WORD}(?:[ -]{_WORD}){{1,2}})")
_LABELLED = pattern(
    rf"(?:(?<![A-Za-z])(?:(?:[Pp]atient(?:['’]s)?|[Ff]ull)\s+[Nn]ame|[Nn]ame\s+of\s+(?:the\s+)?patient)\s*(?::|is|=)?\s*|(?<![A-Za-z])Name\s*[:=]\s*"
    rf"|(?<![A-Za-z])(?:[Pp]atient|man|woman|boy|girl|child|lady|gentleman)\s+(?:called|named)\s+|(?<![A-Za-z])(?:[Mm]y|[Oo]ur|[Tt]he)\s+patient,?\s+(?!{_TITLE})(?={_WORD}\s+{_WORD}))"
    rf"({_WORD}(?:\s+{_WORD}){{0,2}})"
)
_CHINESE_LABELLED = pattern(
    r"(?:姓名|名叫|名字叫?)\s*(?:是|为)?\s*[:：]?\s*((?!患者|病人)[\u4e00-\u9fff]{2,4}?)(?=$|[^\u4e00-\u9fff]|男|女|患者|住院|的)"
)
_CHINESE_PATIENT = pattern(
    rf"(?:患者|病人|患儿|孕妇|产妇|先证者)\s*({_CHINESE_NAME})(?=[\s,，、(（]*(?:男|女|\d{{1,3}}\s*(?:周?岁|个?月)))"
)
_CHINESE_TITLED = pattern(rf"{_BEFORE_CHINESE}({_CHINESE_NAME})(?=先生|女士|小姐|同志)")

_CHINESE_BEFORE = pattern(rf"{_BEFORE_CHINESE}({_CHINESE_NAME}){_BETWEEN}$")
_CHINESE_BEHIND = pattern(rf"[\s,，、;；:：()（）/的-]*(?:患者|病人)?({_CHINESE_NAME})(?=$|[^\u4e00-\u9fff]|男|女|的|先生|女士|患)")
_ENGLISH_BEFORE = pattern(rf"(?<![A-Za-z])((?:{_TITLE})?{_WORD}(?:[ ]{_WORD}){{0,2}})(?:['’]s)?{_AGED}$")
_ENGLISH_BEHIND = pattern(
    rf"[\s,;:()-]*(?:(?:is|belongs to|of|for|patient|name)\b\s*)?((?:{_TITLE})?{_WORD}(?:[ ]{_WORD}){{0,2}})(?![A-Za-z])"
)
_CHINESE_NUMBERED = pattern(rf"{_BEFORE_CHINESE}({_CHINESE_NAME})[\s,，(（:：]{{1,3}}(\d{{7,12}})(?![\dA-Za-z])")
_TITLED_NUMBERED = pattern(rf"(?<![A-Za-z])({_TITLE}{_WORD}(?:[ -]{_WORD}){{0,2}})[\s,(:#]{{1,3}}([A-Z]{{0,2}}\d{{5,12}})(?![\dA-Za-z])")

_REACH = 80
"""How far from a number a name is looked for, in characters: room for sex and age between."""


def titled_names(text: str) -> Iterator[Span]:
    """Names that a title or a label makes names of persons. A title with a surname alone ("Mrs Li") is none: vignettes have those."""
    for names in (_TITLED, _LABELLED):
        for match in names.finditer(text):
            yield from _english(match, needed=1 if names is _LABELLED else 3)
    for match in _CHINESE_LABELLED.finditer(text):
        yield match.span(1)
    for names in (_CHINESE_PATIENT, _CHINESE_TITLED):
        for match in names.finditer(text):
            yield from _chinese(match)


def names_beside(text: str, numbers: Iterable[Span]) -> Iterator[Span]:
    """Names that stand beside numbers which identify a person, before or behind them."""
    for start, end in numbers:
        first = max(start - _REACH, 0)
        before, behind = text[first:start], text[end : end + _REACH]
        if found := _CHINESE_BEFORE.search(before):
            yield from _chinese(found, first)
        if found := _CHINESE_BEHIND.match(behind):
            yield from _chinese(found, end)
        if found := _ENGLISH_BEFORE.search(before):
            yield from _english(found, 2, first)
        if found := _ENGLISH_BEHIND.match(behind):
            yield from _english(found, 2, end)


def numbered_names(text: str) -> Iterator[tuple[Span, Span]]:
    """A name with a long number behind it that no label explains: the spans of both."""
    for match in _CHINESE_NUMBERED.finditer(text):
        if any(_chinese(match)):
            yield match.span(1), match.span(2)
    for match in _TITLED_NUMBERED.finditer(text):
        yield match.span(1), match.span(2)


def _chinese(match: re.Match[str], shift: int = 0) -> Iterator[Span]:
    if not _NO_NAME.search(match[1]):
        yield match.start(1) + shift, match.end(1) + shift


def _english(match: re.Match[str], needed: int, shift: int = 0) -> Iterator[Span]:
    """The words of a match from its last word that is none of a name; a title counts as a word of the name."""
    words = list(re.finditer(r"[A-Za-z'’-]+", match[1]))
    while words and words[-1][0] in _NO_ENGLISH_NAME:
        words.pop()
    last_other = max((place for place, word in enumerate(words) if word[0] in _NO_ENGLISH_NAME), default=-1)
    words = words[last_other + 1 :]
    if len(words) >= needed:
        yield match.start(1) + words[0].start() + shift, match.start(1) + words[-1].end() + shift
