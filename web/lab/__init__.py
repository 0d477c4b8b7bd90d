"""The lab machine: a program to carry to it, and a look at whether everything there is in order.

Knows nothing of trainees, questions or pages.
"""
