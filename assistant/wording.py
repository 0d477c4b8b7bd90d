"""The few sentences that the assistant says in its own words on a terminal, in English and Chinese.

The pages have theirs in the catalogue of web. Knows nothing of when they are said.
"""

BOUNDARY = {
    "en": "This course is for learning and cannot decide about a person: the genetics team that knows the family does.",
    "zh": "本课程仅供学习，不能就具体个人或家庭作出决定，请咨询了解情况的遗传学团队。",
}
IN_GENERAL = {
    "en": " What the course says in general:",
    "zh": "课程中的一般内容如下：",
}
NOT_COVERED = {
    "en": "The course does not answer this question.",
    "zh": "本课程没有回答这个问题的内容。",
}
ELSEWHERE = {
    "en": "This part of the course does not answer the question. Other sections do: {sections}.",
    "zh": "课程的这一部分没有回答这个问题的内容，其他章节有：{sections}。",
}
MORE_ELSEWHERE = {
    "en": "This part of the course answers some of the question; other parts answer more.",
    "zh": "课程的这一部分只回答了问题的一部分，其他部分有更完整的解答。",
}
NEAREST = {"en": "The nearest sections are: {sections}.", "zh": "最接近的章节：{sections}。"}
PART_LACKS = {"en": "This part of the course does not say: {missing}.", "zh": "课程的这一部分未涉及：{missing}。"}
LACKS = {"en": "The course does not say: {missing}.", "zh": "课程未涉及：{missing}。"}
TEXT_IS_ENGLISH = {
    "en": "The course text is in English.",
    "zh": "课程原文为英文，以下为原文句子。",
}
