"""The baseline in Django REST framework, as its documentation shows it, on the tables of the ORM baseline."""
