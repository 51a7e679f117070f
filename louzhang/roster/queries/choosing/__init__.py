"""Reading the choosing of chiefs: vacancies, rounds, nominees, notices, requests to replace."""

from louzhang.roster.queries.choosing.gaps import Gap, GapFilter, count_vacancies, vacancies

__all__ = ["Gap", "GapFilter", "count_vacancies", "vacancies"]
