"""Answers kept for the next who asks the same: in front of the framework, because most of an answer's cost lies in it.

Exact by construction: an answer stands on the shelf of the edition (newest revision and day) that was read before it
was made, and is given to those alone who were told the same edition after they had asked. docs/decisions/0015 has why.
"""
