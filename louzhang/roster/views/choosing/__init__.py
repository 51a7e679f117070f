"""Pages of choosing: the desk's, the reviewers', the residents', the nominee's own, public notices."""
