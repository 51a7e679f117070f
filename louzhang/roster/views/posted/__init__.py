"""派驻干部: teams and postings at the desk, one's own posting on the phone, every verb on a page of its own."""
