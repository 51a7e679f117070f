"""人房地情: dwellings, households and residents of the district, kept from the field and lawful.

Who lives where from when to when, and what is needed to reach them; what must not stand here is in
`forbidden`. Rows are seen by those who keep the place and by people their own (`scope`).
"""
